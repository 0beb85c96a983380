"""The JSON of the contract, key by key."""

from __future__ import annotations

import json
from dataclasses import replace

from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.cartes.json_cartes import ps_en_dict, vitale_en_dict
from sesam_desktop.cartes.vitale import GroupeInconnu

BENEFICIAIRE = {
    *("nom_usuel", "nom_patronymique", "prenom", "adresse", "nir_certifie", "cle", "date_naissance", "rang"),
    *("qualite", "service_amo", "droits", "couvertures", "mutuelle", "amc"),
}
SITUATION = {
    *("rang", "mode_exercice", "secteur", "structure", "numero_facturation", "cle", "convention", "specialite"),
    *("zone_tarifaire", "zone_ik", "agrements", "remplace", "signe_facture", "signe_lot"),
}


def test_vitale() -> None:
    cartes = dict(cartes_de_demonstration())
    famille = vitale_en_dict(cartes["famille"])
    assert json.loads(json.dumps(famille)) == famille
    assert {"type", "numero_serie", "fin_validite", "assure", "at", "beneficiaires"} <= famille.keys()
    assert set(famille["assure"]) == {"nir", "cle", "regime", "caisse", "centre", "code_gestion"}
    assert famille["fin_validite"] is None
    julie = famille["beneficiaires"][0]
    assert julie.keys() >= BENEFICIAIRE
    assert len(julie["adresse"]) == 5
    assert julie["date_naissance"] == "19801130"
    assert julie["service_amo"] == {"code": "00", "debut": None, "fin": None}
    assert julie["droits"] == [{"debut": "2020-01-01", "fin": None}]
    assert julie["couvertures"] == [{"debut": "2020-01-01", "fin": None, "ald": "0", "situation": "0100"}]
    assert julie["mutuelle"]["droits"] == [{"debut": "2020-01-01", "fin": "2099-12-31"}]
    assert julie["amc"] is None
    amc = vitale_en_dict(cartes["amc"])
    assert amc["beneficiaires"][0]["amc"]["debut"] == "2020-01-01"
    assert [at["identifiant"] for at in amc["at"]] == ["0", "20250110"]


def test_groupe_inconnu_en_hexadecimal() -> None:
    carte = dict(cartes_de_demonstration())["assure"]
    [inconnu] = vitale_en_dict(replace(carte, inconnus=(GroupeInconnu(112, (b"\xff\x00",), 0),)))["inconnus"]
    assert inconnu == {"id": 112, "champs": ["FF00"], "beneficiaire": 0}


def test_ps() -> None:
    infirmier = ps_en_dict(dict(cartes_ps_de_demonstration())["infirmier"])
    assert json.loads(json.dumps(infirmier)) == infirmier
    assert {"type_carte", "identification", "civilite", "nom", "prenom", "situations"} <= infirmier.keys()
    assert infirmier["identification"] == {"type": "8", "numero": "1000000002", "cle": "5"}
    premiere, seconde = infirmier["situations"]
    assert premiere.keys() >= SITUATION
    assert premiere["remplace"] is None
    assert seconde["remplace"] == {"numero": "72600002", "cle": "9"}
    assert premiere["agrements"] == ["0", "0", "0"]
