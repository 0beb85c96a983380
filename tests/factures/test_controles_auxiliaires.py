"""Controls of the auxiliaires médicaux: what the NGAP asks for and the invoice alone can show."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sesam_desktop.factures.controles import controler
from sesam_desktop.factures.facture import Executant, Facture, LigneSaisie, Patient, Prescription

JOUR = date(2026, 3, 2)
DIMANCHE = date(2026, 3, 1)
PROFESSIONS = {
    "24": "infirmier", "26": "masseur_kinesitherapeute", "27": "pedicure", "28": "orthophoniste", "29": "orthoptiste",
}  # fmt: skip


def ligne(acte: str, coefficient: str = "1", **champs: Any) -> LigneSaisie:
    return LigneSaisie(acte, coefficient=Decimal(coefficient), **champs)


def remarques(
    specialite: str, *lignes: LigneSaisie, jour: date = JOUR, prescrite: bool = True
) -> list[tuple[str, str, str]]:
    """Remarks on an invoice without any other flaw."""
    patient = Patient(nir="1801975000001", cle="31", date_naissance="19800101")
    executant = Executant(PROFESSIONS[specialite], specialite, departement="72")
    prescrite_le = min([jour, *(li.date for li in lignes if li.date)])
    prescription = Prescription(prescrite_le, "10001234565") if prescrite else None
    demandee = Facture(jour, executant, patient, lignes, prescription=prescription)
    return [(a.gravite[:1], a.code, a.champ) for a in controler(demandee, max(jour, JOUR))]


@pytest.mark.parametrize(
    ("specialite", "lignes"),
    [
        ("24", [ligne("AMI", "4"), ligne("AMI", "4", passage=2, date=DIMANCHE)]),
        ("24", [ligne("AMI", passage=1), ligne("AMI", passage=2)]),
        ("24", [ligne("DI", "2.5"), ligne("DI", "1.2", date=DIMANCHE), ligne("DI", "1.2")]),
        ("24", [ligne("AMI", "1.5", code="PRELEVEMENT"), ligne("AIS", "3", date=DIMANCHE)]),
        ("24", [ligne("AMI", code="DIABETE"), ligne("AMI", code="DIABETE")]),
        ("24", [ligne("BSC", domicile=True, passage=1), *(ligne("IFI", passage=p) for p in (2, 3, 4))]),
        ("24", [ligne("AMI", "4", domicile=True, quantite=5)]),
        ("26", [ligne("VSM", "8.1", code="LOMBALGIE")]),
        ("26", [ligne("AMK", "8.5"), ligne("AMK", "8.5", date=DIMANCHE)]),
        ("27", [ligne("POD"), ligne("AMP", "31.7")]),
        ("28", [ligne("AMO", "15.7", domicile=True), ligne("IFN")]),
        ("28", [ligne("AMO", "9.7", domicile=True), ligne("IFS")]),
        ("29", [ligne("AMY", "8.4")]),
    ],
)
def test_rien_a_dire(specialite: str, lignes: list[LigneSaisie]) -> None:
    assert remarques(specialite, *lignes) == []


@pytest.mark.parametrize(
    ("specialite", "lignes", "attendue"),
    [
        ("24", [ligne("AMI", "4", complement="N")], ("NUIT_A_JUSTIFIER", "lignes[0].complement")),
        ("24", [ligne("AMI", "4"), ligne("BSB", passage=2, complement="S")],
         ("NUIT_A_JUSTIFIER", "lignes[1].complement")),
        ("26", [ligne("AMK", "8.5", complement="N")], ("NUIT_A_JUSTIFIER", "lignes[0].complement")),
        ("24", [ligne("AMI", "4", complement="F", date=jour) for jour in (date(2026, 2, 22), DIMANCHE)],
         ("ACTES_REPETES", "lignes[1].complement")),
        ("24", [ligne("DI", "3")], ("DI_COEFFICIENT", "lignes[0].coefficient")),
        ("24", [ligne("DI", "2.5", quantite=2)], ("BSI_INITIAL_REPETE", "lignes[0].acte")),
        ("24", [ligne("DI", "2.5"), ligne("DI", "1.2", quantite=3)], ("BSI_INTERMEDIAIRES", "lignes[1].acte")),
        ("24", [ligne("DI", "1.2", quantite=4)], ("BSI_INTERMEDIAIRES", "lignes[0].acte")),
        ("24", [ligne("AIS", "3"), ligne("AMI", "1.5", code="PRELEVEMENT")],
         ("PRELEVEMENT_A_CONFIRMER", "lignes[1].code")),
        ("24", [ligne("AMX", "1.5", code="PRELEVEMENT"), ligne("BSC")], ("PRELEVEMENT_A_CONFIRMER", "lignes[0].code")),
        ("24", [ligne("BSC", domicile=True, passage=1), *(ligne("IFI", passage=p) for p in (2, 3, 4, 5))],
         ("IFI_EN_TROP", "lignes[4].acte")),
        ("24", [ligne("BSC", domicile=True), ligne("IFI", quantite=5)], ("IFI_EN_TROP", "lignes[1].acte")),
        ("24", [ligne("AMI", code="PRELEVEMENT"), ligne("AMI", code="PRELEVEMENT")], ("LIGNE_EN_DOUBLE", "lignes[1]")),
        ("26", [ligne("VSM", "8.1", code="LOMBALGIE", quantite=16)], ("ACCORD_PREALABLE", "lignes[0].accord")),
        ("26", [ligne("ARL", "8.5"), ligne("RSM", "8.1")], ("COTATION_UNIQUE", "lignes[1].acte")),
        ("26", [ligne("ARL", "8.5", passage=1), ligne("RSM", "8.1", passage=2)], ("DEUX_SEANCES", "lignes[1].passage")),
        ("26", [ligne("RSM", "8.1", quantite=2)], ("DEUX_SEANCES", "lignes[0].passage")),
        ("27", [ligne("POD", quantite=9)], ("SEANCES_EN_TROP", "lignes[0].quantite")),
        ("27", [ligne("AMP", "31.7", quantite=4), ligne("AMP", "31.7", date=DIMANCHE)],
         ("SEANCES_EN_TROP", "lignes[1].quantite")),
        ("28", [ligne("AMO", "9.7", domicile=True), ligne("IFN")], ("DEPLACEMENT_A_JUSTIFIER", "lignes[1].acte")),
    ],
)
def test_un_avertissement_et_son_champ(
    specialite: str, lignes: list[LigneSaisie], attendue: tuple[str, str]
) -> None:
    trouvees = remarques(specialite, *lignes)
    assert ("a", *attendue) in trouvees
    assert all(gravite == "a" for gravite, _, _ in trouvees)


@pytest.mark.parametrize(
    ("acte", "coefficient", "admis"),
    [("AMS", "9.5", True), ("AMK", "9.5", False), ("AMS", "7.5", False)],
)
def test_ifo_de_l_ancienne_nomenclature(acte: str, coefficient: str, admis: bool) -> None:
    """IFO goes with AMS 9,5 only (prices of 15/07/2012)."""
    jour = date(2023, 6, 1)
    codes = [code for _, code, _ in remarques("26", ligne(acte, coefficient), ligne("IFO"), jour=jour)]
    assert ("DEPLACEMENT_A_JUSTIFIER" not in codes) is admis


def test_un_accord_donne_fait_taire_le_referentiel() -> None:
    lignes = ligne("VSM", "8.1", code="LOMBALGIE", quantite=16, accord="4", accord_date=JOUR)
    assert "ACCORD_PREALABLE" not in [code for _, code, _ in remarques("26", lignes)]


def test_l_acces_direct_est_dit_une_fois() -> None:
    trouvees = remarques("28", ligne("AMO", "9.7"), ligne("AMO", "9.7", date=DIMANCHE), prescrite=False)
    assert trouvees == [("a", "ACCES_DIRECT", "lignes[0].acte")]


def test_un_infirmier_sans_prescription_reste_refuse() -> None:
    assert ("b", "PRESCRIPTION_MANQUANTE", "prescription") in remarques("24", ligne("AMI", "4"), prescrite=False)


def test_avant_le_bsi_la_demarche_de_soins_avait_ses_coefficients() -> None:
    trouvees = remarques("24", ligne("DI", "1.5"), jour=date(2019, 6, 3))
    assert "DI_COEFFICIENT" not in [code for _, code, _ in trouvees]


def test_un_acte_inconnu_ne_trouble_pas_les_controles() -> None:
    assert remarques("24", ligne("XYZ")) == [("b", "ACTE_NON_COUVERT", "lignes[0].acte")]
