"""Controls of a dispensing: what is said, where, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from sesam_desktop.factures.controles import controler
from sesam_desktop.factures.dossier import Articles
from sesam_desktop.factures.facture import Executant, Facture, LigneSaisie, Patient, Prescription, TiersPayant
from sesam_desktop.noyau.identifiants import cle_ean13
from tests.tarifs.outils import boites, tfr

JOUR = date(2026, 3, 2)
DEBUTS = [f"3400900001{n}" for n in range(10, 27)]  # twelve digits, the key is added
(
    SIMPLE, MARQUE, GENERIQUE, EGALE, SEULE, TRIMESTRE, ARRETEE, ZOLPIDEM, DIAZEPAM, MORPHINE, TRAMADOL, LIBRE, CODEINE,
    ORPHELINE, RETIREE, PILULE, DIENOGEST,
) = (
    debut + cle_ean13(debut) for debut in DEBUTS
)
MEDICAMENTS = boites({
    SIMPLE: {"taux": 6500, "prix": 200, "honoraire": 102},
    MARQUE: {"taux": 6500, "prix": 3078, "honoraire": 102, "groupe": "PREGABALINE", "type": "0"},
    GENERIQUE: {"taux": 6500, "prix": 1507, "honoraire": 102, "groupe": "PREGABALINE"},
    EGALE: {"taux": 6500, "prix": 649, "honoraire": 102, "groupe": "FLECAINIDE", "type": "0"},
    SEULE: {"taux": 6500, "prix": 649, "honoraire": 102, "groupe": "FLECAINIDE"},
    TRIMESTRE: {"taux": 10000, "prix": 6868, "honoraire": 276},
    ARRETEE: {"taux": 6500, "prix": 200, "honoraire": 102, "commercialise": False},
    ZOLPIDEM: {"taux": 1500, "prix": 109, "honoraire": 102, "libelle": "ZOLPIDEM BIOGARAN 10 mg"},
    DIAZEPAM: {"taux": 6500, "prix": 130, "honoraire": 102, "libelle": "Diazépam Arrow 5 mg"},
    MORPHINE: {"taux": 6500, "prix": 500, "honoraire": 102, "libelle": "MORPHINE (SULFATE) 10 mg"},
    TRAMADOL: {"taux": 6500, "prix": 342, "honoraire": 102, "libelle": "TRAMADOL 50 mg"},
    LIBRE: {},
    ORPHELINE: {"taux": 6500, "prix": 1000, "honoraire": 102, "groupe": "ARRETE", "type": "0"},
    RETIREE: {"taux": 6500, "prix": 750, "honoraire": 102, "groupe": "ARRETE", "commercialise": False},
    PILULE: {"taux": 6500, "prix": 376, "honoraire": 102, "libelle": "LEVONORGESTREL/ETHINYLESTRADIOL BIOGARAN"},
    DIENOGEST: {"taux": 6500, "prix": 1500, "honoraire": 102, "libelle": "DIENOGEST BIOGARAN 2 mg"},
    CODEINE: {"taux": 6500, "prix": 200, "honoraire": 102, "libelle": "PARACETAMOL CODEINE ARROW 500 mg/30 mg"},
})
SANS_TIERS_PAYANT = TiersPayant(False, False)


def boite(cip13: str = SIMPLE, quantite: int = 1, **champs: Any) -> LigneSaisie:
    return LigneSaisie("MEDICAMENT", quantite, cip13=cip13, **champs)


def prescrite(jours: int = 0, **champs: Any) -> Prescription:
    return Prescription(JOUR - timedelta(jours), "10001234565", **champs)


def facture(*lignes: LigneSaisie, **champs: Any) -> Facture:
    naissance = champs.pop("naissance", "19800101")
    patient = Patient(nir="1801975000001", cle="31", date_naissance=naissance, ald="4")
    champs.setdefault("prescription", prescrite())
    jour = champs.pop("jour", JOUR)
    return Facture(jour, Executant("pharmacien", "50", departement="72"), patient, lignes, **champs)


def remarques(demandee: Facture, **articles: Any) -> list[tuple[str, str, str]]:
    lues = controler(demandee, demandee.date_soins, MEDICAMENTS, articles=Articles(**articles))
    assert all(a.message.endswith(".") for a in lues)
    return [(a.gravite[:1], a.code, a.champ) for a in lues]


@pytest.mark.parametrize("code", [*MEDICAMENTS.connues])
def test_les_codes_de_ces_essais_sont_valides(code: str) -> None:
    sans_prix = {"prix_centimes": 500} if code == LIBRE else {}
    assert not any(r[1].startswith("CIP") for r in remarques(facture(boite(code, **sans_prix))))


DELAIS = [
    ("première délivrance à trois mois", boite(), prescrite(90), None),
    ("première délivrance tardive", boite(), prescrite(93), ("a", "PRESCRIPTION_ANCIENNE", "prescription.date")),
    ("renouvellement à six mois", boite(renouvellement=5), prescrite(180, renouvellements=5), None),
    ("renouvellement à treize mois", boite(renouvellement=5), prescrite(400, renouvellements=5),
     ("a", "RENOUVELLEMENT_TARDIF", "lignes[0].renouvellement")),
    ("renouvellement non prévu", boite(renouvellement=1), prescrite(30),
     ("a", "RENOUVELLEMENT_NON_PREVU", "lignes[0].renouvellement")),
    ("anxiolytique à sept mois", boite(DIAZEPAM, renouvellement=1), prescrite(215, renouvellements=1),
     ("a", "RENOUVELLEMENT_TARDIF", "lignes[0].renouvellement")),
    ("boîte de plus sur ordonnance expirée", boite(renouvellement=99), prescrite(400, renouvellements=2), None),
    ("deux boîtes de plus", boite(quantite=2, renouvellement=99), prescrite(400),
     ("a", "DELIVRANCE_EXCEPTIONNELLE", "lignes[0].quantite")),
    ("hypnotique de plus", boite(ZOLPIDEM, renouvellement=99), prescrite(40),
     ("a", "DELIVRANCE_EXCEPTIONNELLE", "lignes[0].renouvellement")),
    ("stupéfiant dans les trois jours", boite(MORPHINE), prescrite(3), None),
    ("stupéfiant au quatrième jour", boite(MORPHINE), prescrite(4), ("a", "ORDONNANCE_TARDIVE", "prescription.date")),
    ("un mois", boite(duree_jours=30), prescrite(), None),
    ("deux mois", boite(duree_jours=60), prescrite(), ("a", "DUREE_DELIVREE", "lignes[0].duree_jours")),
    ("boîte de trois mois", boite(TRIMESTRE, duree_jours=90), prescrite(), None),
    ("contraceptif, douze semaines", boite(PILULE, duree_jours=84), prescrite(), None),
    ("diénogest seul, traitement de l'endométriose", boite(DIENOGEST, duree_jours=84), prescrite(),
     ("a", "DUREE_DELIVREE", "lignes[0].duree_jours")),
    ("hypnotique, un mois", boite(ZOLPIDEM, duree_jours=30), prescrite(),
     ("a", "DUREE_DELIVREE", "lignes[0].duree_jours")),
    ("anxiolytique, deuxième mois", boite(DIAZEPAM, duree_jours=30, renouvellement=1), prescrite(30, renouvellements=2),
     None),
    ("anxiolytique, troisième mois", boite(DIAZEPAM, duree_jours=30, renouvellement=2),
     prescrite(60, renouvellements=2), ("a", "DUREE_ORDONNANCE", "lignes[0].duree_jours")),
    ("tramadol, troisième mois", boite(TRAMADOL, duree_jours=30, renouvellement=2), prescrite(60, renouvellements=2),
     ("a", "DUREE_ORDONNANCE", "lignes[0].duree_jours")),
    ("douze boîtes", boite(quantite=12), prescrite(), None),
    ("treize boîtes", boite(quantite=13), prescrite(), ("a", "QUANTITE_INHABITUELLE", "lignes[0].quantite")),
    ("deux boîtes de trois mois", boite(TRIMESTRE, 2), prescrite(),
     ("a", "QUANTITE_INHABITUELLE", "lignes[0].quantite")),
    ("boîte arrêtée", boite(ARRETEE), prescrite(), ("a", "BOITE_ARRETEE", "lignes[0].cip13")),
    ("ALD sans ordonnancier bizone", boite(ald=True), prescrite(), ("a", "ALD_SANS_BIZONE", "lignes[0].ald")),
    ("ALD avec ordonnancier bizone", boite(ald=True), prescrite(bizone=True), None),
    ("ordonnancier bizone sans ALD", boite(), prescrite(bizone=True), ("a", "BIZONE_SANS_ALD", "prescription.bizone")),
    ("unités", boite(unites=10, unites_boite=14), prescrite(), None),
    ("unités sans contenance", boite(unites=10), prescrite(), ("b", "UNITES_INCOMPLETES", "lignes[0].unites_boite")),
    ("unités et boîtes", boite(quantite=2, unites=10, unites_boite=14), prescrite(),
     ("b", "UNITES_ET_BOITES", "lignes[0].quantite")),
    ("unités qui font une boîte", boite(unites=14, unites_boite=14), prescrite(),
     ("a", "UNITES_BOITES_ENTIERES", "lignes[0].unites")),
]  # fmt: skip


@pytest.mark.parametrize(("ligne", "prescription", "attendue"), [d[1:] for d in DELAIS], ids=[d[0] for d in DELAIS])
def test_delivrance(ligne: LigneSaisie, prescription: Prescription, attendue: tuple[str, str, str] | None) -> None:
    assert remarques(facture(ligne, prescription=prescription)) == ([attendue] if attendue else [])


def test_l_ordonnancier_se_dit_une_fois_pour_toute_l_ordonnance() -> None:
    demandee = facture(boite(), boite(DIAZEPAM, ald=True), boite(ZOLPIDEM, ald=True), boite(TRIMESTRE, ald=True))
    assert remarques(demandee) == [("a", "ALD_SANS_BIZONE", "lignes[1].ald")]


def test_un_retard_se_dit_une_fois_pour_toute_l_ordonnance() -> None:
    boites_tardives = [boite(cip13, renouvellement=6) for cip13 in (SIMPLE, GENERIQUE, TRIMESTRE)]
    assert remarques(facture(*boites_tardives, prescription=prescrite(400, renouvellements=5))) == [
        ("a", "RENOUVELLEMENT_NON_PREVU", "lignes[0].renouvellement"),
        ("a", "RENOUVELLEMENT_TARDIF", "lignes[0].renouvellement"),
        ("a", "RENOUVELLEMENT_TARDIF", "lignes[2].renouvellement"),  # another class: three-month pack
    ]


def test_des_unites_a_cote_de_boites_entieres_ne_sont_pas_un_doublon() -> None:
    entieres, ouverte = boite(quantite=2), boite(unites=10, unites_boite=14)
    assert remarques(facture(entieres, ouverte)) == []
    assert remarques(facture(ouverte, ouverte)) == [("a", "LIGNE_EN_DOUBLE", "lignes[1]")]


def test_un_medicament_a_prix_libre_se_vend_sans_remarque() -> None:
    demandee = facture(boite(LIBRE, prix_centimes=500), prescription=None)
    assert remarques(demandee) == []


def test_le_tramadol_n_etait_pas_limite_en_2019() -> None:
    jour = date(2019, 6, 3)
    ligne = boite(TRAMADOL, duree_jours=30, renouvellement=4)
    prescription = Prescription(date(2019, 2, 4), "10001234565", renouvellements=5)
    assert remarques(facture(ligne, prescription=prescription, jour=jour)) == []


def test_la_codeine_suit_la_regle_du_jour_de_son_ordonnance() -> None:
    """Twelve weeks for what was written from 1 March 2025 on."""
    ligne = boite(CODEINE, duree_jours=30, renouvellement=2)
    attendue = [("a", "DUREE_ORDONNANCE", "lignes[0].duree_jours")]
    for prescrit_le, remarque in ((date(2025, 2, 28), []), (date(2025, 3, 3), attendue)):
        prescription = Prescription(prescrit_le, "10001234565", renouvellements=5)
        assert remarques(facture(ligne, prescription=prescription, jour=date(2025, 5, 5))) == remarque


def test_une_preparation_se_renouvelle_aussi() -> None:
    preparation = LigneSaisie("PMR", prix_centimes=1850, renouvellement=1)
    assert remarques(facture(preparation)) == [("a", "RENOUVELLEMENT_NON_PREVU", "lignes[0].renouvellement")]


def test_sans_table_des_medicaments_les_delais_restent_dits() -> None:
    demandee = facture(boite(MORPHINE, renouvellement=1), prescription=prescrite(4))
    lues = controler(demandee, JOUR)
    assert [a.code for a in lues] == ["RENOUVELLEMENT_NON_PREVU"]


REFUS = ("b", "REFUS_GENERIQUE_TIERS_PAYANT", "lignes[0].substitution")
SUBSTITUTIONS: list[tuple[str, LigneSaisie, dict[str, Any], list[tuple[str, str, str]]]] = [
    ("refus avec tiers payant", boite(MARQUE, substitution="6"), {}, [REFUS]),
    ("refus avec tiers payant complémentaire seul", boite(MARQUE, substitution="6"),
     {"tiers_payant": TiersPayant(False, True), "amc": None},
     [REFUS, ("a", "AMC_ABSENTE", "amc")]),
    ("refus sans tiers payant", boite(MARQUE, substitution="6"), {"tiers_payant": SANS_TIERS_PAYANT},
     [("a", "REFUS_GENERIQUE", "lignes[0].substitution")]),
    ("refus d'une marque pas plus chère", boite(EGALE, substitution="6"), {}, []),
    ("refus d'un médicament sans groupe", boite(SIMPLE, substitution="6"), {},
     [("a", "SUBSTITUTION_SANS_OBJET", "lignes[0].substitution")]),
    ("refus quand aucun générique n'est vendu", boite(ORPHELINE, substitution="6"), {},
     [("a", "SUBSTITUTION_SANS_OBJET", "lignes[0].substitution")]),
    ("mention sans justification", boite(MARQUE, substitution="NS"), {},
     [REFUS, ("a", "MENTION_SANS_JUSTIFICATION", "lignes[0].substitution")]),
    ("mention MTE", boite(MARQUE, substitution="MTE"), {}, []),
    ("mention MTE hors liste", boite(EGALE, substitution="MTEPH"), {},
     [("a", "MTE_HORS_LISTE", "lignes[0].substitution")]),
    ("mention EFG, cinq ans", boite(MARQUE, substitution="EFG"), {"naissance": "20200303"}, []),
    ("mention EFG, six ans", boite(MARQUE, substitution="EFG"), {"naissance": "20200302"},
     [("a", "EFG_AGE", "lignes[0].substitution")]),
    ("mention CIF", boite(MARQUE, substitution="CIF"), {}, []),
    ("mention CIF sans groupe", boite(SIMPLE, substitution="CIF"), {},
     [("a", "SUBSTITUTION_SANS_OBJET", "lignes[0].substitution")]),
    ("marque sans motif", boite(MARQUE), {}, [("a", "MARQUE_SANS_MOTIF", "lignes[0].substitution")]),
    ("marque prescrite en DCI", boite(MARQUE, substitution="5"), {},
     [("a", "MARQUE_SANS_MOTIF", "lignes[0].substitution")]),
    ("marque dans l'urgence", boite(MARQUE, substitution="1"), {}, []),
    ("générique", boite(GENERIQUE), {}, []),
    ("marque au prix du générique", boite(EGALE), {}, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ligne", "champs", "attendues"), [s[1:] for s in SUBSTITUTIONS], ids=[s[0] for s in SUBSTITUTIONS]
)
def test_substitution(ligne: LigneSaisie, champs: dict[str, Any], attendues: list[tuple[str, str, str]]) -> None:
    assert remarques(facture(ligne, **champs)) == attendues


def test_un_medicament_sous_tfr_garde_le_tiers_payant() -> None:
    refus = facture(boite(MARQUE, substitution="6"))
    assert remarques(refus, tfr=tfr({MARQUE: {"prix": 1507}})) == []
    assert remarques(refus, tfr=tfr({})) == [REFUS]


def test_une_ordonnance_d_avant_2020_garde_sa_mention() -> None:
    demandee = facture(boite(MARQUE, substitution="NS"), jour=date(2020, 1, 6),
                       prescription=Prescription(date(2019, 12, 30), "10001234565"))
    assert remarques(demandee) == []


def test_la_naissance_illisible_est_dite_une_fois() -> None:
    demandee = facture(boite(MARQUE, substitution="EFG"), LigneSaisie("VGP"), naissance="00000000")
    assert remarques(demandee) == [("b", "NAISSANCE_INVALIDE", "beneficiaire.date_naissance")]


SERVICES: list[tuple[str, list[LigneSaisie], dict[str, Any], list[tuple[str, str, str]]]] = [
    ("entretien seul", [LigneSaisie("ASI", prix_centimes=1500)], {}, []),
    ("entretien et médicament", [boite(), LigneSaisie("ASI", prix_centimes=1500)], {},
     [("a", "SERVICE_SEUL", "lignes[1].acte")]),
    ("vaccin et vaccination", [boite(), LigneSaisie("RVA", prix_centimes=960)], {}, []),
    ("bilan à soixante-quatre ans", [LigneSaisie("BMI", prix_centimes=1500)], {"naissance": "19610303"},
     [("a", "SERVICE_AGE", "lignes[0].acte")]),
    ("bilan à soixante-cinq ans", [LigneSaisie("BMI", prix_centimes=1500)], {"naissance": "19610302"}, []),
    ("vaccination à dix ans", [LigneSaisie("VGP")], {"naissance": "20150303"},
     [("a", "SERVICE_AGE", "lignes[0].acte")]),
    ("garde du dimanche un lundi", [boite(), LigneSaisie("UPH", prix_centimes=600)], {},
     [("a", "JOUR_OUVRABLE", "lignes[1].prix_centimes")]),
    ("garde de nuit un lundi", [boite(), LigneSaisie("UPH", prix_centimes=1000)], {}, []),
    ("garde du dimanche", [boite(), LigneSaisie("UPH", prix_centimes=600)],
     {"jour": date(2026, 3, 1), "prescription": Prescription(date(2026, 3, 1), "10001234565")}, []),
]  # fmt: skip


@pytest.mark.parametrize(("lignes", "champs", "attendues"), [s[1:] for s in SERVICES], ids=[s[0] for s in SERVICES])
def test_service(lignes: list[LigneSaisie], champs: dict[str, Any], attendues: list[tuple[str, str, str]]) -> None:
    assert remarques(facture(*lignes, **champs)) == attendues


def test_une_ligne_refusee_par_ailleurs_n_est_pas_commentee() -> None:
    demandee = facture(replace(boite(MARQUE), quantite=1000))
    assert remarques(demandee) == [("b", "QUANTITE_INVALIDE", "lignes[0].quantite")]


def test_sans_ordonnance_il_n_y_a_pas_de_delai() -> None:
    demandee = facture(boite(renouvellement=3), prescription=None)
    assert [code for _, code, _ in remarques(demandee)] == ["PRESCRIPTION_ABSENTE"]
