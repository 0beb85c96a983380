"""Controls: each remark with its code, its gravity and the path of its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures.controles import controler
from sesam_desktop.factures.facture import (
    Executant,
    Facture,
    LigneSaisie,
    OrganismeAmc,
    Patient,
    Prescription,
    TiersPayant,
)

JOUR = date(2026, 3, 2)
CIP = "3400936963504"
BOITE = LigneSaisie("MEDICAMENT", cip13=CIP)
AMI = LigneSaisie("AMI", coefficient=Decimal(4))
BIZONE = Prescription(JOUR, "10001234565", bizone=True)
EXECUTANTS = {"50": "pharmacien", "24": "infirmier", "01": "medecin"}


@dataclass
class UneSeuleBoite:
    libelle: str = "BOITE D'ESSAI"
    prix_centimes: int = 1281
    honoraire_centimes: int = 102
    commercialise: bool = True
    remboursable: bool = True

    def par_cip13(self, cip13: str, jour: date) -> Any:
        return self if cip13 == CIP else None

    def groupes(self, cip13: str, jour: date) -> list[Any]:
        return []


def facture(*lignes: LigneSaisie, specialite: str = "50", **champs: Any) -> Facture:
    """A flawless invoice of the day, with what differs."""
    droits = {"nir": "1801975000001", "cle": "31", "date_naissance": "19800101"}
    patient = Patient(**{**droits, **champs.pop("patient", {})})
    executant = Executant(EXECUTANTS[specialite], specialite, departement="72")
    champs.setdefault("prescription", Prescription(JOUR, "10001234565"))
    return Facture(JOUR, executant, patient, lignes or (BOITE,), **champs)


def remarques(demandee: Facture, jour: date = JOUR) -> list[tuple[str, str, str]]:
    return [(a.gravite[:1], a.code, a.champ) for a in controler(demandee, jour, UneSeuleBoite())]


@pytest.mark.parametrize(
    "sans_defaut", [facture(), facture(AMI, specialite="24"), facture(LigneSaisie("G"), specialite="01", parcours="T")]
)
def test_une_facture_sans_defaut(sans_defaut: Facture) -> None:
    assert remarques(sans_defaut) == []


def _prescrite(jour: date, prescripteur: str = "10001234565") -> Prescription:
    return Prescription(jour, prescripteur)


CAS: Iterator[Any] = iter([
    ("clé du NIR fausse", facture(patient={"numero_serie_vitale": ""}), {"cle": "35"},
     ("b", "NIR_CLE_FAUSSE", "beneficiaire.nir")),
    ("NIR individuel faux", facture(patient={"nir_individuel": "2801975000001", "cle_individuelle": "00"}), {},
     ("b", "NIR_CLE_FAUSSE", "beneficiaire.nir_individuel")),
    ("NIR mal formé", facture(), {"nir": "18019A5000001"}, ("b", "NIR_INVALIDE", "beneficiaire.nir")),
    ("NIR provisoire", facture(), {"nir": "7801975000001", "cle": ""}, ("a", "NIR_PROVISOIRE", "beneficiaire.nir")),
    ("NIR d'aucun sexe", facture(), {"nir": "0801975000001", "cle": ""}, ("a", "NIR_PROVISOIRE", "beneficiaire.nir")),
    ("naissance illisible", facture(), {"date_naissance": "00000000"},
     ("b", "NAISSANCE_INVALIDE", "beneficiaire.date_naissance")),
    ("né après les soins", facture(), {"date_naissance": "20260303"},
     ("b", "NAISSANCE_APRES_SOINS", "beneficiaire.date_naissance")),
    ("droits fermés", facture(), {"droits_ouverts": False}, ("b", "DROITS_FERMES", "beneficiaire.droits_fin")),
    ("droits finis la veille", facture(), {"droits_fin": date(2026, 3, 1)},
     ("b", "DROITS_FERMES", "beneficiaire.droits_fin")),
    ("droits fermés sans tiers payant", facture(tiers_payant=TiersPayant(False, False)), {"droits_ouverts": False},
     ("a", "DROITS_FERMES", "beneficiaire.droits_fin")),
    ("situation non publique", facture(), {"situation": "0403"},
     ("a", "SITUATION_NON_INTERPRETEE", "beneficiaire.situation")),
    ("ALD sans droit", facture(replace(BOITE, ald=True), prescription=BIZONE), {},
     ("a", "ALD_NON_OUVERTE", "lignes[0].ald")),
    ("plusieurs lignes en ALD sans droit", facture(BOITE, replace(BOITE, ald=True, unites=1, unites_boite=2),
     replace(BOITE, ald=True, unites=1, unites_boite=3), prescription=BIZONE), {},
     ("a", "ALD_NON_OUVERTE", "lignes[1].ald")),
    ("soins futurs", replace(facture(prescription=_prescrite(JOUR)), date_soins=date(2026, 3, 3)), {},
     ("b", "SOINS_FUTURS", "date_soins")),
    ("ligne future", facture(BOITE, replace(BOITE, date=date(2026, 3, 3), quantite=2)), {},
     ("b", "SOINS_FUTURS", "lignes[1].date")),
    ("soins anciens", replace(facture(prescription=_prescrite(date(2025, 3, 1))), date_soins=date(2025, 3, 1)), {},
     ("a", "SOINS_ANCIENS", "date_soins")),
    ("prescription future", facture(prescription=_prescrite(date(2026, 3, 3))), {},
     ("b", "PRESCRIPTION_FUTURE", "prescription.date")),
    ("prescription après les soins", facture(replace(BOITE, date=date(2026, 3, 1))), {},
     ("b", "PRESCRIPTION_APRES_SOINS", "prescription.date")),
    ("prescription de plus de trois mois", facture(prescription=_prescrite(date(2025, 12, 1))), {},
     ("a", "PRESCRIPTION_ANCIENNE", "prescription.date")),
    ("prescripteur absent", facture(prescription=_prescrite(JOUR, "")), {},
     ("b", "PRESCRIPTEUR_MANQUANT", "prescription.prescripteur")),
    ("prescripteur faux", facture(prescription=_prescrite(JOUR, "10001234560")), {},
     ("a", "PRESCRIPTEUR_CLE", "prescription.prescripteur")),
    ("médicament sans ordonnance", facture(prescription=None), {}, ("a", "PRESCRIPTION_ABSENTE", "prescription")),
    ("soin sans ordonnance", facture(AMI, specialite="24", prescription=None), {},
     ("b", "PRESCRIPTION_MANQUANTE", "prescription")),
    ("acte inconnu", facture(LigneSaisie("ZZZ")), {}, ("b", "ACTE_NON_COUVERT", "lignes[0].acte")),
    ("acte d'un autre métier", facture(BOITE, LigneSaisie("G")), {}, ("b", "ACTE_INTERDIT", "lignes[1].acte")),
    ("quantité nulle", facture(replace(BOITE, quantite=0)), {}, ("b", "QUANTITE_INVALIDE", "lignes[0].quantite")),
    ("quantité excessive", facture(replace(BOITE, quantite=1000)), {},
     ("b", "QUANTITE_INVALIDE", "lignes[0].quantite")),
    ("coefficient négatif", facture(replace(AMI, coefficient=Decimal(-1)), specialite="24"), {},
     ("b", "COEFFICIENT_INVALIDE", "lignes[0].coefficient")),
    ("prix négatif", facture(replace(BOITE, prix_centimes=-1)), {},
     ("b", "MONTANT_NEGATIF", "lignes[0].prix_centimes")),
    ("qualificatif inconnu", facture(replace(BOITE, qualificatif="Z")), {},
     ("b", "QUALIFICATIF_REFUSE", "lignes[0].qualificatif")),
    ("CIP absent", facture(LigneSaisie("MEDICAMENT")), {}, ("b", "CIP_INVALIDE", "lignes[0].cip13")),
    ("clé du CIP fausse", facture(replace(BOITE, cip13="3400936963505")), {}, ("b", "CIP_INVALIDE", "lignes[0].cip13")),
    ("CIP inconnu", facture(replace(BOITE, cip13="3400949497294")), {}, ("b", "CIP_INCONNU", "lignes[0].cip13")),
    ("ligne en double", facture(BOITE, BOITE), {}, ("a", "LIGNE_EN_DOUBLE", "lignes[1]")),
    ("dimanche un lundi", facture(replace(AMI, complement="F"), specialite="24"), {},
     ("a", "JOUR_OUVRABLE", "lignes[0].complement")),
    ("dépassement d'un patient C2S",
     facture(replace(AMI, depassement_centimes=100), specialite="24", patient={"c2s": True}), {},
     ("b", "DEPASSEMENT_C2S", "lignes[0].depassement_centimes")),
    ("exigence d'un patient C2S",
     facture(replace(AMI, depassement_centimes=100, qualificatif="E"), specialite="24", patient={"c2s": True}), {},
     ("a", "DEPASSEMENT_C2S", "lignes[0].depassement_centimes")),
    ("dépassement sans motif", facture(replace(AMI, depassement_centimes=100), specialite="24"), {},
     ("a", "DEPASSEMENT_SANS_MOTIF", "lignes[0].qualificatif")),
    ("parcours absent", facture(LigneSaisie("G"), specialite="01"), {}, ("a", "PARCOURS_ABSENT", "parcours")),
    ("parcours inconnu", facture(parcours="Z"), {}, ("b", "PARCOURS_INCONNU", "parcours")),
    ("complémentaire absente", facture(tiers_payant=TiersPayant(True, True)), {}, ("a", "AMC_ABSENTE", "amc")),
    ("facture vide", replace(facture(), lignes=()), {}, ("b", "FACTURE_VIDE", "lignes")),
])


@pytest.mark.parametrize(("demandee", "patient", "attendue"), [pytest.param(f, p, a, id=n) for n, f, p, a in CAS])
def test_une_remarque_et_une_seule(demandee: Facture, patient: dict[str, Any], attendue: tuple[str, str, str]) -> None:
    demandee = replace(demandee, beneficiaire=replace(demandee.beneficiaire, **patient))
    assert remarques(demandee) == [attendue]


@pytest.mark.parametrize(
    ("specialite", "profession", "attendue"),
    [
        ("98", "kine", ("b", "METIER_NON_COUVERT", "executant.specialite")),
        ("26", "kine", ("b", "PROFESSION_INCOHERENTE", "executant.profession")),
        ("50", "infirmier", ("b", "PROFESSION_INCOHERENTE", "executant.profession")),
    ],
)
def test_executant(specialite: str, profession: str, attendue: tuple[str, str, str]) -> None:
    demandee = replace(facture(), executant=Executant(profession, specialite))
    assert attendue in remarques(demandee)


def test_les_cas_admis() -> None:
    assert remarques(facture(patient={"droits_fin": JOUR})) == []
    assert remarques(facture(prescription=_prescrite(date(2025, 12, 2)))) == []
    assert remarques(facture(replace(BOITE, ald=True), prescription=BIZONE, patient={"ald": "1"})) == []
    assert remarques(facture(patient={"situation": "0900", "regime_local": True})) == []
    assert remarques(facture(LigneSaisie("G"), specialite="01", parcours="T", prescription=None)) == []
    consultation = facture(LigneSaisie("G"), specialite="01", prescription=None)
    enfant = replace(consultation.beneficiaire, date_naissance="20150101")  # before sixteen no indicator is asked
    assert remarques(replace(consultation, beneficiaire=enfant)) == []
    avec_amc = facture(tiers_payant=TiersPayant(True, True), amc=OrganismeAmc("75000001"))
    assert remarques(avec_amc) == []


def test_un_dimanche_et_un_vendredi_saint_en_alsace() -> None:
    dimanche = replace(facture(replace(AMI, complement="F"), specialite="24"), date_soins=date(2026, 3, 1))
    dimanche = replace(dimanche, prescription=_prescrite(date(2026, 3, 1)))
    assert remarques(dimanche) == []
    vendredi_saint = replace(dimanche, date_soins=date(2026, 4, 3))
    jour = date(2026, 4, 3)
    assert remarques(vendredi_saint, jour) == [("a", "JOUR_OUVRABLE", "lignes[0].complement")]
    alsace = replace(vendredi_saint, executant=replace(vendredi_saint.executant, departement="67"))
    assert remarques(alsace, jour) == []


def test_sans_base_des_medicaments_seule_la_forme_du_cip_compte() -> None:
    assert controler(facture(replace(BOITE, cip13="3400949497294")), JOUR) == ()


def test_les_bloquantes_d_abord() -> None:
    demandee = replace(facture(BOITE, BOITE), beneficiaire=Patient("1801975000001", "19800101", cle="01"))
    assert [r[0] for r in remarques(demandee)] == ["b", "a"]


def test_aucun_message_ne_repete_le_nir() -> None:
    demandee = replace(facture(), beneficiaire=Patient("1801975000001", "20990101", cle="01", nom="DURAND"))
    messages = " ".join(a.message for a in controler(demandee, JOUR))
    assert "1801975" not in messages and "DURAND" not in messages


@given(
    st.builds(Patient, st.text(max_size=15), st.text(max_size=9), cle=st.text(max_size=3)),
    st.lists(st.builds(LigneSaisie, st.text(max_size=4), st.integers(-5, 2000), cip13=st.text(max_size=14),
                       code=st.text(max_size=3), qualificatif=st.text(max_size=2)), max_size=3),
    st.dates(), st.dates(),
)
def test_une_facture_quelconque_est_controlee(
    patient: Patient, lignes: list[LigneSaisie], soins: date, jour: date
) -> None:
    demandee = replace(facture(), beneficiaire=patient, lignes=tuple(lignes), date_soins=soins)
    assert all(a.gravite in ("bloquante", "avertissement") and a.message for a in controler(demandee, jour))


@pytest.mark.parametrize("departement", ["57", "67", "68"])
def test_le_vendredi_saint_n_est_ferie_qu_en_alsace_moselle(departement: str) -> None:
    vendredi = date(2026, 4, 3)  # Easter is on 5 April 2026
    demandee = replace(facture(replace(AMI, complement="F"), specialite="24"), date_soins=vendredi)
    ici = replace(demandee, executant=replace(demandee.executant, departement=departement))
    codes = {a.code for a in controler(ici, vendredi)}
    assert "JOUR_OUVRABLE" not in codes
    assert "JOUR_OUVRABLE" in {a.code for a in controler(demandee, vendredi)}
