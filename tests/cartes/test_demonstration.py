"""The fictitious cards: what they are there to show, and nothing that could be somebody."""

from __future__ import annotations

from datetime import date

import pytest

from sesam_desktop.cartes import ps_zones, vitale_zones, zones
from sesam_desktop.cartes.atr import GenreCarte
from sesam_desktop.cartes.demonstration import (
    cartes_de_demonstration,
    cartes_duo_de_demonstration,
    cartes_ps_de_demonstration,
    puce_de_demonstration,
)
from sesam_desktop.cartes.duo import completer, ecrire, lire
from sesam_desktop.cartes.ps import CartePS
from sesam_desktop.cartes.vitale import CarteVitale
from sesam_desktop.noyau.identifiants import exiger_nir, numero_am_valide, rpps_valide

VITALES, PS = cartes_de_demonstration(), cartes_ps_de_demonstration()
JOUR = date(2026, 11, 22)


@pytest.mark.parametrize(("nom", "carte"), VITALES)
def test_vitale_encodee_et_relue(nom: str, carte: CarteVitale) -> None:
    assert vitale_zones.carte_depuis(zones.lire(zones.ecrire(vitale_zones.groupes_de(carte)))) == carte


@pytest.mark.parametrize(("nom", "carte"), VITALES)
def test_nir_fictifs_et_cles_justes(nom: str, carte: CarteVitale) -> None:
    numeros = [(carte.assure.nir, carte.assure.cle)]
    numeros += [(b.nir_certifie, b.cle) for b in carte.beneficiaires if b.nir_certifie]
    for nir, cle in numeros:
        exiger_nir(nir, cle)
        assert int(nir[3:5]) > 12, "un mois possible pourrait désigner quelqu'un"


@pytest.mark.parametrize(("nom", "carte"), PS)
def test_ps_encodee_et_relue(nom: str, carte: CartePS) -> None:
    octets = zones.ecrire(ps_zones.groupes_de(carte))
    assert ps_zones.carte_depuis(zones.lire(octets), carte.numero_serie) == carte
    assert rpps_valide(carte.identification.numero + carte.identification.cle)
    assert all(numero_am_valide(s.numero_facturation + s.cle) for s in carte.situations)


def test_ce_que_chaque_carte_montre() -> None:
    cartes = dict(VITALES)
    en_cours = {n: [c for c in x.beneficiaires[0].couvertures if c.periode.contient(JOUR)] for n, x in cartes.items()}
    assert [b.qualite for b in cartes["famille"].beneficiaires] == ["0", "2", "6"]
    assert en_cours["ald"][0].ald == "1"
    assert (cartes["regime-local"].assure.caisse, en_cours["regime-local"][0].situation) == ("671", "0102")
    assert cartes["c2s"].beneficiaires[0].service_amo.code == "01"
    assert cartes["amc"].beneficiaires[0].amc is not None
    assert not any(p.contient(JOUR) for p in cartes["droits-expires"].beneficiaires[0].droits)
    assert cartes["opposition"].beneficiaires[0].date_naissance == "19521300"
    assert [(len(cartes["tribu"].beneficiaires), cartes["tribu"].beneficiaires[6].rang)] == [(19, 2)]
    assert [n for n, c in VITALES if c.expiree(JOUR)] == ["expiree"]
    assert [b.date_naissance for b in cartes["lunaire"].beneficiaires] == ["19491300", "19520000", "20100231"]
    ouverts = {n for n, c in cartes.items() if any(p.contient(JOUR) for p in c.beneficiaires[0].droits)}
    assert ouverts == set(cartes) - {"droits-expires"}


def test_professionnels() -> None:
    assert {nom: (c.type_carte, [s.rang for s in c.situations], c.situations[0].specialite) for nom, c in PS} == {
        "pharmacien": ("0", [1], "50"),
        "infirmier": ("0", [1, 2], "24"),
        "medecin": ("0", [1], "01"),
        "infirmiere-remplacante": ("0", [1, 4, 9], "24"),
        "preparateur": ("2", [1], "50"),
        "medecin-cps4": ("0", [1], "01"),
        "specialiste": ("0", [1], "03"),
        "dentiste": ("0", [1], "19"),
        "masseur-kinesitherapeute": ("0", [1], "26"),
        "sage-femme": ("0", [1], "21"),
        "fournisseur": ("0", [1], "60"),
        "laboratoire": ("0", [1], "30"),
    }
    assert [nom for nom, _ in PS if puce_de_demonstration(nom) is GenreCarte.CPS4] == ["medecin-cps4"]


def test_un_remplacant_facture_sous_le_numero_d_un_autre() -> None:
    for carte in (dict(PS)["infirmier"], dict(PS)["infirmiere-remplacante"]):
        [situation] = [s for s in carte.situations if s.mode_exercice == "4"]
        assert situation.remplacant is not None
        assert situation.remplacant.numero == carte.situations[0].numero_facturation != situation.numero_facturation


def test_cartes_complementaires() -> None:
    vitales = dict(VITALES)
    for nom, carte in cartes_duo_de_demonstration():
        assert lire(ecrire(carte)) == carte
        patient = vitales[nom.removeprefix("duo-")].beneficiaires[0]
        assert (completer(patient, carte, JOUR).amc == carte.amc) is (patient.complementaire(JOUR) is None)


def test_numeros_de_serie_distincts() -> None:
    assert len({c.numero_serie for _, c in VITALES} | {c.numero_serie for _, c in PS}) == len(VITALES) + len(PS)
