"""Contract JSON ⇄ invoice: exact both ways, and every bad input a typed refusal with the path of its field."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures.facture import (
    Alerte,
    Executant,
    Facture,
    LigneSaisie,
    LigneTarifee,
    OrganismeAmc,
    Patient,
    Prescription,
    Regle,
    Tarification,
    TiersPayant,
    Totaux,
)
from sesam_desktop.factures.lecture_json import facture_depuis, facture_en_dict, lire, tarification_en_dict
from sesam_desktop.noyau.erreurs import EntreeInvalide

CONTRAT: dict[str, Any] = {
    "date_soins": "2026-03-02",
    "executant": {
        "profession": "pharmacien", "specialite": "50", "convention": "1", "zone_tarifaire": "24", "zone_ik": "1",
        "departement": "72",
    },
    "beneficiaire": {
        "nir": "1801975000001", "date_naissance": "19800101", "rang": 1, "qualite": "0", "regime": "01",
        "caisse": "721", "centre": "0000", "ald": "0", "situation": "0100", "c2s": False, "regime_local": False,
        "medecin_traitant_declare": True,
    },
    "nature_assurance": "maladie",
    "parcours": "T",
    "prescription": {"date": "2026-03-01", "prescripteur": "10001234563", "specialite": "01", "origine": "T"},
    "tiers_payant": {"amo": True, "amc": False},
    "amc": None,
    "lignes": [
        {"acte": "MEDICAMENT", "cip13": "3400930000000", "quantite": 2, "ald": False, "substitution": None,
         "prix_centimes": None},
        {"acte": "AMI", "coefficient": "4", "quantite": 1, "date": "2026-03-02", "domicile": True, "complement": "N",
         "ik_km": 12},
        {"acte": "CCAM", "code": "DEQP003", "activite": "1", "phase": "0", "modificateurs": [], "association": None},
        {"acte": "G", "quantite": 1, "depassement_centimes": 0, "qualificatif": None},
        {"acte": "LPP", "code": "1234567", "quantite": 1, "montant_facture_centimes": 2500},
    ],
}


def test_le_contrat_est_lu_en_entier() -> None:
    facture = facture_depuis(CONTRAT)
    assert facture.date_soins == date(2026, 3, 2)
    assert facture.executant == Executant("pharmacien", "50", "1", "24", "1", "72")
    assert facture.beneficiaire == Patient(
        "1801975000001", "19800101", caisse="721", medecin_traitant_declare=True
    )
    assert facture.prescription == Prescription(date(2026, 3, 1), "10001234563", "01", "T")
    assert facture.lignes[0] == LigneSaisie("MEDICAMENT", 2, cip13="3400930000000")
    assert facture.lignes[1] == LigneSaisie(
        "AMI", 1, date(2026, 3, 2), Decimal(4), domicile=True, complement="N", ik_km=12
    )
    assert facture.lignes[2] == LigneSaisie("CCAM", code="DEQP003", activite="1", phase="0")
    assert facture.lignes[4].montant_facture_centimes == 2500


def test_les_valeurs_par_defaut() -> None:
    minimum = {
        "date_soins": "2026-03-02", "executant": {"profession": "medecin", "specialite": "01"},
        "beneficiaire": {"nir": "1801975000001", "date_naissance": "19800101"}, "lignes": [{"acte": "G"}],
    }
    facture = facture_depuis(minimum)
    assert facture.executant.convention == "1"
    assert (facture.nature_assurance, facture.parcours, facture.prescription) == ("maladie", "", None)
    assert facture.tiers_payant == TiersPayant(amo=True, amc=False)
    assert facture.lignes == (LigneSaisie("G"),)


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [("Maternité", "maternite"), ("AT/MP", "at"), ("accident_travail", "at"), ("prévention", "prevention")],
)
def test_nature_d_assurance(ecrit: str, lu: str) -> None:
    assert facture_depuis(CONTRAT | {"nature_assurance": ecrit}).nature_assurance == lu


@pytest.mark.parametrize("ecrit", ["1.5", 1.5, Decimal("1.5")])
def test_un_coefficient_s_ecrit_en_texte_ou_en_nombre(ecrit: Any) -> None:
    lue = facture_depuis(CONTRAT | {"lignes": [{"acte": "AMI", "coefficient": ecrit}]})
    assert lue.lignes[0].coefficient == Decimal("1.5")


def _modifie(chemin: str, valeur: Any) -> dict[str, Any]:
    """The contract with one field changed; `ABSENT` removes it."""
    donnees = copy.deepcopy(CONTRAT)
    *parents, nom = chemin.replace("[", ".").replace("]", "").split(".")
    objet: Any = donnees
    for parent in parents:
        objet = objet[int(parent) if parent.isdigit() else parent]
    cle: Any = int(nom) if nom.isdigit() else nom
    if valeur is ABSENT:
        del objet[cle]
    else:
        objet[cle] = valeur
    return donnees


ABSENT = object()
REFUS = [
    ("date_soins", ABSENT, "CHAMP_MANQUANT"),
    ("date_soins", "02/03/2026", "DATE_INVALIDE"),
    ("date_soins", "2026-02-30", "DATE_INVALIDE"),
    ("date_soins", 20260302, "DATE_INVALIDE"),
    ("executant", None, "CHAMP_MANQUANT"),
    ("executant", [], "CHAMP_INVALIDE"),
    ("executant.specialite", "5", "CHAMP_INVALIDE"),
    ("executant.specialite", "", "CHAMP_MANQUANT"),
    ("executant.profession", 3, "CHAMP_INVALIDE"),
    ("executant.salle", "2", "CHAMP_INCONNU"),
    ("beneficiaire.nir", "180197500000", "CHAMP_INVALIDE"),
    ("beneficiaire.nir", 1801975000001, "CHAMP_INVALIDE"),
    ("beneficiaire.date_naissance", "1980-01-01", "CHAMP_INVALIDE"),
    ("beneficiaire.rang", 0, "CHAMP_INVALIDE"),
    ("beneficiaire.rang", True, "CHAMP_INVALIDE"),
    ("beneficiaire.c2s", "non", "CHAMP_INVALIDE"),
    ("beneficiaire.nom", "A\x00B", "CHAMP_INVALIDE"),
    ("beneficiaire.nom", "A" * 201, "CHAMP_INVALIDE"),
    ("beneficiaire.droits_fin", "demain", "DATE_INVALIDE"),
    ("nature_assurance", "vol", "CHAMP_INVALIDE"),
    ("parcours", "t", "CHAMP_INVALIDE"),
    ("prescription.date", ABSENT, "CHAMP_MANQUANT"),
    ("prescription.prescripteur", "123", "CHAMP_INVALIDE"),
    ("prescription.origine", "X", "CHAMP_INVALIDE"),
    ("tiers_payant.amo", 1, "CHAMP_INVALIDE"),
    ("lignes", ABSENT, "CHAMP_MANQUANT"),
    ("lignes", [], "CHAMP_INVALIDE"),
    ("lignes", {}, "CHAMP_INVALIDE"),
    ("lignes", [{"acte": "G"}] * 1000, "CHAMP_INVALIDE"),
    ("lignes[1]", "AMI", "CHAMP_INVALIDE"),
    ("lignes[1].acte", ABSENT, "CHAMP_MANQUANT"),
    ("lignes[1].acte", "ami", "CHAMP_INVALIDE"),
    ("lignes[2].cip13", "340093000000", "CHAMP_INVALIDE"),
    ("lignes[2].cip13", "٣٤٠٠٩٣٠٠٠٠٠٠٠", "CHAMP_INVALIDE"),
    ("lignes[0].quantite", 0, "CHAMP_INVALIDE"),
    ("lignes[0].quantite", -1, "CHAMP_INVALIDE"),
    ("lignes[0].quantite", 10**9, "CHAMP_INVALIDE"),
    ("lignes[0].quantite", 1.5, "CHAMP_INVALIDE"),
    ("lignes[0].quantite", "2", "CHAMP_INVALIDE"),
    ("lignes[0].prix_centimes", -1, "CHAMP_INVALIDE"),
    ("lignes[0].prix_centimes", 10**7, "CHAMP_INVALIDE"),
    ("lignes[3].depassement_centimes", -500, "CHAMP_INVALIDE"),
    ("lignes[1].coefficient", "0", "CHAMP_INVALIDE"),
    ("lignes[1].coefficient", "-4", "CHAMP_INVALIDE"),
    ("lignes[1].coefficient", "1.125", "CHAMP_INVALIDE"),
    ("lignes[1].coefficient", "NaN", "CHAMP_INVALIDE"),
    ("lignes[1].coefficient", "1000", "CHAMP_INVALIDE"),
    ("lignes[1].coefficient", [4], "CHAMP_INVALIDE"),
    ("lignes[1].ik_km", -3, "CHAMP_INVALIDE"),
    ("lignes[1].prix", 3, "CHAMP_INCONNU"),
    ("lignes[2].modificateurs", "F", "CHAMP_INVALIDE"),
    ("remise", 3, "CHAMP_INCONNU"),
]


@pytest.mark.parametrize(("chemin", "valeur", "code"), REFUS, ids=[f"{c}={str(v)[:20]}" for c, v, _ in REFUS])
def test_refus_avec_le_chemin_du_champ(chemin: str, valeur: Any, code: str) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        facture_depuis(_modifie(chemin, valeur))
    assert (refus.value.ou, refus.value.code) == (chemin, code)


def test_refus_dans_l_organisme_complementaire() -> None:
    with pytest.raises(EntreeInvalide) as refus:
        facture_depuis(CONTRAT | {"amc": {}})
    assert (refus.value.ou, refus.value.code) == ("amc.numero", "CHAMP_MANQUANT")


def test_refus_dans_une_liste() -> None:
    with pytest.raises(EntreeInvalide) as refus:
        facture_depuis(_modifie("lignes[2].modificateurs", ["F", "UU"]))
    assert refus.value.ou == "lignes[2].modificateurs[1]"


@pytest.mark.parametrize("valeur", [None, [], "x", 3])
def test_une_facture_est_un_objet(valeur: Any) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        facture_depuis(valeur)
    assert refus.value.ou == "facture"


def test_un_refus_ne_repete_pas_le_nir() -> None:
    with pytest.raises(EntreeInvalide) as refus:
        facture_depuis(_modifie("beneficiaire.nir", "18019750000019"))
    assert "1801975" not in refus.value.phrase()


@pytest.mark.parametrize(
    "texte",
    ["", "{", "[1,", '{"a": NaN}', '{"a": 1, "a": 2}', "[" * 100_000, "9" * 5000, '"\\ud800'],
    ids=["vide", "coupe", "liste", "nan", "doublon", "profond", "nombre", "texte"],
)
def test_un_texte_qui_n_est_pas_du_json(texte: str) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        lire(texte)
    assert refus.value.code in ("JSON_INVALIDE", "CHAMP_INVALIDE")


def test_lire_un_texte() -> None:
    assert lire(json.dumps(CONTRAT)) == facture_depuis(CONTRAT)


_TEXTES = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc"]), max_size=20)
_LIGNES = st.builds(
    LigneSaisie, acte=st.sampled_from(["AMI", "G", "MEDICAMENT", "CCAM"]), quantite=st.integers(1, 999),
    date=st.none() | st.dates(), coefficient=st.decimals("0.01", "999.99", places=2),
    code=st.sampled_from(["", "DEQP003"]), cip13=st.sampled_from(["", "3400930000000"]), ald=st.booleans(),
    complement=st.sampled_from(["", "N"]), domicile=st.booleans(), ik_km=st.integers(0, 9999),
    substitution=st.none() | st.just("MTE"), prix_centimes=st.none() | st.integers(0, 9_999_999),
    depassement_centimes=st.integers(0, 9_999_999), qualificatif=st.none() | st.just("E"),
    modificateurs=st.sampled_from([(), ("F", "U")]),
)
_FACTURES = st.builds(
    Facture, date_soins=st.dates(), executant=st.builds(Executant, st.just("medecin"), st.just("01"), nom=_TEXTES),
    beneficiaire=st.builds(
        Patient, st.just("180192A000001"), st.just("19800000"), rang=st.integers(1, 9), nom=_TEXTES, c2s=st.booleans(),
        droits_ouverts=st.booleans(), droits_fin=st.none() | st.dates(),
    ),
    lignes=st.lists(_LIGNES, min_size=1, max_size=3).map(tuple),
    nature_assurance=st.sampled_from(["maladie", "at"]), parcours=st.sampled_from(["", "S"]),
    prescription=st.none() | st.builds(Prescription, st.dates(), st.just("10001234563"), nom=_TEXTES),
    tiers_payant=st.builds(TiersPayant, st.booleans(), st.booleans()),
    amc=st.none() | st.builds(OrganismeAmc, st.just("75000001"), adherent=_TEXTES,
                              gestion=st.sampled_from(["unique", "separee"])),
)


@given(_FACTURES)
def test_aller_retour(facture: Facture) -> None:
    texte = json.dumps(facture_en_dict(facture))
    assert lire(texte) == facture


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda e: st.lists(e, max_size=3) | st.dictionaries(st.sampled_from(["acte", "nir", "date", "x"]), e, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([c for c, v, _ in REFUS if v is not ABSENT and c != "lignes[2].modificateurs"]), _JSON)
def test_une_valeur_quelconque_est_lue_ou_refusee(chemin: str, valeur: Any) -> None:
    try:
        facture_depuis(_modifie(chemin, valeur))
    except EntreeInvalide as refus:
        assert refus.ou


def test_la_reponse_a_les_champs_du_contrat() -> None:
    ligne = LigneTarifee(
        "AMI", "Acte infirmier", 1, Decimal("0.75"), 315, 236, 236, 6000, "0", 142, 0, 94, 0,
        (Regle("TARIF", "texte", "source", "1"),), date(2026, 3, 2), 0,
    )
    reponse = Tarification((ligne,), Totaux(236, 236, 142, 0, 94), (Alerte("X", "avertissement", "m", "c"),))
    donnees = json.loads(json.dumps(tarification_en_dict(reponse)))
    assert donnees["totaux"] == {
        "facture_centimes": 236, "base_centimes": 236, "amo_centimes": 142, "amc_centimes": 0, "assure_centimes": 94,
    }
    assert donnees["alertes"] == [{"code": "X", "gravite": "avertissement", "message": "m", "champ": "c"}]
    lue = donnees["lignes"][0]
    assert {
        "acte", "libelle", "quantite", "base_centimes", "taux", "exoneration", "amo_centimes", "amc_centimes",
        "assure_centimes", "depassement_centimes", "regles",
    } <= set(lue)
    assert (lue["coefficient"], lue["date"], lue["regles"][0]["code"]) == ("0.75", "2026-03-02", "TARIF")


def test_une_facture_vide_de_texte_garde_ses_defauts() -> None:
    facture = replace(facture_depuis(CONTRAT), parcours="")
    assert facture_depuis(facture_en_dict(facture)) == facture
