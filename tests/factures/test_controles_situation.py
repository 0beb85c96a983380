"""Controls of the patient's situation: each contradiction with its code, its gravity and the path of its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sesam_desktop.factures import parcours, qualificatifs, situation
from sesam_desktop.factures.controles_situation import controler
from sesam_desktop.factures.dossier import Dossier
from sesam_desktop.factures.facture import Executant, Facture, LigneSaisie, OrganismeAmc, Patient, TiersPayant
from sesam_desktop.referentiels import tables

JOUR = date(2026, 3, 2)
MEDECIN = Executant("medecin", "01", departement="72")
CARDIOLOGUE = Executant("medecin", "03", departement="72")
PSYCHIATRE = replace(MEDECIN, specialite="33")
MAUVAISE_QUALITE = [("b", "MATERNITE_QUALITE", "beneficiaire.qualite")]
HOMME = Patient("1801975000001", "19800101", caisse="721")
FEMME = replace(HOMME, nir="2801975000001")
G = LigneSaisie("G")


def facture(patient: Patient = HOMME, *lignes: LigneSaisie, executant: Executant = MEDECIN, **champs: Any) -> Facture:
    return Facture(JOUR, executant, patient, lignes or (G,), **champs)


def remarques(demandee: Facture) -> list[tuple[str, str, str]]:
    return [(a.gravite[:1], a.code, a.champ) for a in controler(Dossier(demandee, JOUR, tables, None))]


def avec(*codes: str, **champs: Any) -> Patient:
    return replace(HOMME, particularites=codes, **champs)


def test_une_situation_ordinaire_n_a_rien() -> None:
    assert remarques(facture(parcours="T")) == []
    assert remarques(facture(avec("ASPA", "PENSION_MILITAIRE"), parcours="T")) == []


@pytest.mark.parametrize(
    ("patient", "attendue"),
    [
        (avec("AUTRE"), ("b", "PARTICULARITE_INCONNUE", "beneficiaire.particularites[0]")),
        (avec("ASPA", "SNCF_CP"), ("b", "PARTICULARITE_REGIME", "beneficiaire.particularites[1]")),
        (avec("AME", regime="02"), ("b", "PARTICULARITE_REGIME", "beneficiaire.particularites[0]")),
        (avec("REGIME_LOCAL", "FRONTALIER"), ("b", "SITUATION_CONTRADICTOIRE", "beneficiaire.particularites[1]")),
        (avec("FRONTALIER", regime_local=True), ("b", "SITUATION_CONTRADICTOIRE", "beneficiaire.particularites[0]")),
        (avec("AME", "DETENU"), ("b", "SITUATION_CONTRADICTOIRE", "beneficiaire.particularites[1]")),
        (avec("AME", c2s=True), ("b", "SITUATION_CONTRADICTOIRE", "beneficiaire.c2s")),
        (avec("MATERNITE"), ("b", "NATURE_MATERNITE", "nature_assurance")),
    ],
)
def test_particularites(patient: Patient, attendue: tuple[str, str, str]) -> None:
    assert remarques(facture(patient)) == [attendue]


def test_regime_local_dit_deux_fois_la_meme_chose() -> None:
    assert remarques(facture(avec("REGIME_LOCAL", regime_local=True))) == []


@pytest.mark.parametrize(
    ("patient", "champs", "attendues"),
    [
        (avec("DETENU"), {"nature_assurance": "at"}, [("b", "NATURE_DETENU", "nature_assurance")]),
        (avec("MATERNITE"), {"nature_assurance": "at"}, []),
        (avec("MATERNITE"), {"nature_assurance": "prevention"}, [("b", "NATURE_MATERNITE", "nature_assurance")]),
    ],
)
def test_nature_imposee(patient: Patient, champs: dict[str, Any], attendues: list[tuple[str, str, str]]) -> None:
    trouvees = remarques(facture(patient, accident_date=date(2026, 3, 1), **champs))
    assert trouvees == attendues


@pytest.mark.parametrize(
    ("patient", "champs", "attendues"),
    [
        (FEMME, {}, []),
        (replace(FEMME, qualite="2"), {}, []),
        (replace(FEMME, qualite="1"), {}, MAUVAISE_QUALITE),
        (replace(HOMME, qualite="6", date_naissance="20100101"), {}, MAUVAISE_QUALITE),
        (replace(HOMME, qualite="6", date_naissance="20260218"), {}, []),                       # twelve days
        (replace(HOMME, qualite="6", date_naissance="20260217"), {}, MAUVAISE_QUALITE),
        (replace(HOMME, qualite="6", date_naissance="00000000"), {}, MAUVAISE_QUALITE),
        (HOMME, {}, [("a", "MATERNITE_PERE", "nature_assurance")]),
        (replace(FEMME, nir_individuel=HOMME.nir), {}, [("a", "MATERNITE_PERE", "nature_assurance")]),
        (FEMME, {"maternite_date": None}, [("a", "MATERNITE_SANS_DATE", "maternite_date")]),
        (FEMME, {"maternite_date": date(2026, 3, 3)}, [("b", "MATERNITE_DATE", "maternite_date")]),
        (FEMME, {"maternite_date": JOUR}, []),
    ],
)
def test_maternite(patient: Patient, champs: dict[str, Any], attendues: list[tuple[str, str, str]]) -> None:
    complets = {"maternite_date": date(2025, 9, 1), "nature_assurance": "maternite", **champs}
    assert remarques(facture(patient, **complets)) == attendues


@pytest.mark.parametrize(
    ("patient", "champs", "attendues"),
    [
        (HOMME, {"accident_date": date(2026, 2, 1)}, []),
        (HOMME, {"accident_numero": "123456782"}, []),
        (HOMME, {}, [("a", "AT_SANS_REFERENCE", "accident_date")]),
        (HOMME, {"accident_numero": "123456789"}, [("b", "AT_NUMERO", "accident_numero")]),
        (HOMME, {"accident_numero": "1234"}, [("b", "AT_NUMERO", "accident_numero")]),
        (HOMME, {"accident_numero": "A23456782"}, [("b", "AT_NUMERO", "accident_numero")]),
        (HOMME, {"accident_date": date(2026, 3, 3)}, [("b", "ACCIDENT_APRES_SOINS", "accident_date")]),
        (replace(HOMME, qualite="2"), {"accident_date": JOUR}, [("b", "AT_QUALITE", "beneficiaire.qualite")]),
        (replace(HOMME, qualite="2", regime="02", caisse="721"), {"accident_date": JOUR}, []),
        (replace(HOMME, qualite="2", regime="02", caisse="725"), {"accident_date": JOUR},
         [("b", "AT_QUALITE", "beneficiaire.qualite")]),
    ],
)
def test_accident_du_travail(patient: Patient, champs: dict[str, Any], attendues: list[tuple[str, str, str]]) -> None:
    assert remarques(facture(patient, nature_assurance="at", **champs)) == attendues


EXAMEN = LigneSaisie("COE")
BIOLOGIE = LigneSaisie("NABM", code="1104")
LABORATOIRE = Executant("laboratoire", "30", departement="72")


def test_nature_a_verifier() -> None:
    """A mandatory examination of the child in the first twelve days is maternity; later, sickness."""
    enfant = replace(HOMME, qualite="6", date_naissance="20260218")
    attendue = [("a", "NATURE_A_VERIFIER", "nature_assurance")]
    assert remarques(facture(enfant, EXAMEN)) == attendue
    assert remarques(facture(replace(enfant, date_naissance="20260217"), EXAMEN)) == []
    assert remarques(facture(replace(enfant, particularites=("AME",)), EXAMEN)) == []
    assert remarques(facture(replace(HOMME, date_naissance="00000000"), EXAMEN)) == []


def test_prevention_au_sixieme_mois() -> None:
    """Pregnant since 2 October 2025: the sixth month begins on 2 March 2026."""
    attendue = [("a", "NATURE_A_VERIFIER", "nature_assurance")]
    prevention = facture(FEMME, nature_assurance="prevention", maternite_date=date(2025, 10, 2))
    assert remarques(prevention) == attendue
    assert remarques(replace(prevention, maternite_date=date(2025, 10, 3))) == []
    assert remarques(replace(prevention, maternite_date=None)) == []


def test_biologie_du_pere() -> None:
    """Until the end of the fourth month: pregnancy since 3 November 2025, care of 2 March 2026."""
    pere = facture(
        HOMME, BIOLOGIE, executant=LABORATOIRE, nature_assurance="maternite", maternite_date=date(2025, 11, 3)
    )
    assert remarques(pere) == []
    tardive = replace(pere, maternite_date=date(2025, 11, 2))
    assert remarques(tardive) == [("a", "MATERNITE_PERE", "nature_assurance")]


def test_accident_de_droit_commun() -> None:
    assert remarques(facture(accident_date=date(2026, 3, 1))) == []
    assert remarques(facture(accident_date=date(2026, 3, 3))) == [("b", "ACCIDENT_APRES_SOINS", "accident_date")]
    assert remarques(facture(accident_numero="123456782")) == [("b", "ACCIDENT_SANS_AT", "accident_numero")]


def test_ame_avec_une_complementaire_et_un_depassement() -> None:
    demandee = facture(
        avec("AME"), replace(G, depassement_centimes=500, qualificatif="E"), amc=OrganismeAmc("75000001"),
        tiers_payant=TiersPayant(amc=True),
    )
    assert remarques(demandee) == [
        ("b", "SITUATION_CONTRADICTOIRE", "amc"), ("a", "DEPASSEMENT_AME", "lignes[0].depassement_centimes"),
    ]


def test_ame_et_refus_du_generique() -> None:
    refusee = LigneSaisie("MEDICAMENT", cip13="3400936963504", substitution="6")
    assert remarques(facture(avec("AME"), refusee)) == [("a", "REFUS_AME", "lignes[0].substitution")]
    assert remarques(facture(avec("AME"), replace(refusee, substitution="2"))) == []


def test_regime_sur_papier() -> None:
    attendue = [("b", "REGIME_NON_COUVERT", "beneficiaire.regime")]
    assert remarques(facture(replace(HOMME, regime="17"))) == attendue
    assert remarques(facture(replace(HOMME, regime="10"))) == []


def test_deux_statuts_dont_un_par_la_carte() -> None:
    """The management code says a prisoner; a provisional number alone contradicts nothing."""
    contradictoire = [("b", "SITUATION_CONTRADICTOIRE", "beneficiaire.particularites[0]")]
    assert remarques(facture(replace(avec("AME"), code_gestion="65"))) == contradictoire
    assert remarques(facture(replace(avec("DETENU"), code_gestion="65"))) == []
    assert remarques(facture(replace(avec("AME"), nir="5801975000001"))) == []


@pytest.mark.parametrize(
    ("patient", "champs", "attendues"),
    [
        (avec("AME"), {"parcours": "S"}, [("a", "PARCOURS_SANS_OBJET", "parcours")]),
        (replace(HOMME, nir="5801975000001"), {"parcours": "T"}, [("a", "PARCOURS_SANS_OBJET", "parcours")]),
        (avec("DETENU"), {"parcours": "S"}, [("b", "PARCOURS_DETENU", "parcours")]),
        (avec("DETENU"), {"parcours": "A"}, []),
        (avec("DETENU"), {}, []),
        (HOMME, {"parcours": "D"}, [("b", "PARCOURS_ACCES_DIRECT", "parcours")]),
        (HOMME, {"parcours": "D", "executant": replace(MEDECIN, specialite="15")}, []),
        (HOMME, {"parcours": "D", "executant": PSYCHIATRE},
         [("b", "PARCOURS_ACCES_DIRECT", "parcours")]),
        (replace(HOMME, date_naissance="20010101"), {"parcours": "D", "executant": PSYCHIATRE}, []),
        (replace(HOMME, date_naissance="00000000"), {"parcours": "D", "executant": PSYCHIATRE}, []),
        (HOMME, {"parcours": "D", "executant": Executant("infirmier", "24")}, []),
    ],
)
def test_parcours(patient: Patient, champs: dict[str, Any], attendues: list[tuple[str, str, str]]) -> None:
    assert remarques(facture(patient, **champs)) == attendues


@pytest.mark.parametrize(
    ("patient", "ligne", "attendues"),
    [
        (HOMME, replace(G, motif_exoneration="AUTRE"), [("b", "MOTIF_INCONNU", "lignes[0].motif_exoneration")]),
        (HOMME, replace(G, motif_exoneration="IST"), [("b", "MOTIF_AGE", "lignes[0].motif_exoneration")]),
        (replace(HOMME, date_naissance="20050101"), replace(G, motif_exoneration="IST"), []),
        (replace(HOMME, date_naissance="00000000"), replace(G, motif_exoneration="IST"), []),
        (HOMME, replace(G, motif_exoneration="STERILITE"), [("a", "MOTIF_NON_OUVERT", "lignes[0].motif_exoneration")]),
        (avec("SOINS_PARTICULIERS"), replace(G, motif_exoneration="STERILITE"), []),
        (HOMME, replace(G, motif_exoneration="PREVENTION"), []),
        (HOMME, replace(G, coefficient=Decimal(60)), [("a", "COEFFICIENT_ELEVE", "lignes[0].coefficient")]),
        (HOMME, replace(G, coefficient=Decimal("59.99")), []),
    ],
)
def test_lignes(patient: Patient, ligne: LigneSaisie, attendues: list[tuple[str, str, str]]) -> None:
    assert remarques(facture(patient, ligne)) == attendues


@pytest.mark.parametrize(
    ("qualificatif", "champs", "refuse"),
    [
        ("E", {}, False),
        ("G", {}, False),
        ("D", {}, True),
        ("D", {"executant": Executant("dentiste", "19")}, False),
        ("D", {"executant": replace(MEDECIN, specialite="18")}, False),
        ("F", {}, True),
        ("F", {"executant": Executant("infirmier", "24")}, False),
        ("A", {"parcours": "S"}, True),                                                        # general practitioner
        ("A", {"executant": CARDIOLOGUE, "parcours": "S"}, False),
        ("A", {"executant": CARDIOLOGUE, "parcours": "O"}, True),
        ("A", {"executant": replace(CARDIOLOGUE, convention="3"), "parcours": "S"}, True),
        ("A", {"executant": CARDIOLOGUE, "parcours": "S", "patient": replace(HOMME, c2s=True)}, True),
        ("A", {"executant": Executant("infirmier", "24"), "parcours": "S"}, True),
        ("B", {"executant": CARDIOLOGUE, "parcours": "S"}, True),
        ("B", {"executant": replace(CARDIOLOGUE, specialite="18"), "parcours": "S"}, False),
        ("M", {"executant": Executant("pharmacien", "50")}, True),
        ("Z", {}, False),                                                 # unknown: told by the control of the line
        (None, {}, False),
    ],
)
def test_qualificatifs(qualificatif: str | None, champs: dict[str, Any], refuse: bool) -> None:
    reste = {nom: valeur for nom, valeur in champs.items() if nom != "patient"}
    demandee = facture(champs.get("patient", HOMME), replace(G, qualificatif=qualificatif), **reste)
    trouves = [(a.code, a.champ) for a in qualificatifs.refus(demandee, tables)]
    assert trouves == ([("QUALIFICATIF_REFUSE", "lignes[0].qualificatif")] if refuse else [])


def test_chaque_remarque_est_une_phrase_sans_identite() -> None:
    demandee = facture(avec("AUTRE", "AME", c2s=True), replace(G, motif_exoneration="AUTRE"), nature_assurance="at")
    for alerte in controler(Dossier(demandee, JOUR, tables, None)):
        assert alerte.message.endswith(".")
        assert HOMME.nir not in alerte.message


def test_la_situation_dit_a_qui_s_applique_le_parcours() -> None:
    for patient, concernee in ((HOMME, True), (avec("AME"), False), (replace(HOMME, code_gestion="70"), False)):
        assert parcours.est_concernee(facture(patient), JOUR, tables) is concernee
    assert situation.codes(replace(HOMME, regime_local=True, code_gestion="65")) == ("REGIME_LOCAL", "DETENU")
