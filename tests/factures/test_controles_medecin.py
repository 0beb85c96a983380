"""Controls of doctors and sages-femmes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sesam_desktop.factures.controles import controler
from sesam_desktop.factures.facture import Executant, Facture, LigneSaisie, Patient

JOUR = date(2026, 3, 2)
ADULTE = Patient(nir="1801975000001", date_naissance="19800101")
ENFANT = replace(ADULTE, date_naissance="20220101")
MEDECIN = Executant("medecin", "01", departement="72")
SAGE_FEMME = Executant("sage_femme", "21", departement="72")


def codes(
    *lignes: LigneSaisie, executant: Executant = MEDECIN, patient: Patient = ADULTE, parcours: str = "T",
    jour: date = JOUR,
) -> list[tuple[str, str]]:
    facture = Facture(jour, executant, patient, lignes, parcours=parcours if executant.profession == "medecin" else "")
    return [(a.code, a.champ) for a in controler(facture, jour)]


def test_une_consultation_ordinaire_ne_dit_rien() -> None:
    assert codes(LigneSaisie("G")) == []
    assert codes(LigneSaisie("C"), LigneSaisie("MSF"), executant=SAGE_FEMME) == []


@pytest.mark.parametrize("option", ["OPTAM", "cas", "optam-co"])
def test_une_option_inconnue_bloque(option: str) -> None:
    trouvees = codes(LigneSaisie("G"), executant=replace(MEDECIN, option_tarifaire=option), parcours="T")
    assert ("OPTION_INCONNUE", "executant.option_tarifaire") in trouvees


@pytest.mark.parametrize("option", ["", "optam", "optam_aco"])
def test_les_options_connues(option: str) -> None:
    trouvees = codes(LigneSaisie("G"), executant=replace(MEDECIN, option_tarifaire=option))
    assert "OPTION_INCONNUE" not in [code for code, _ in trouvees]


def test_un_complement_demande_une_urgence_depuis_la_convention_de_2024() -> None:
    dimanche, avant = date(2026, 3, 1), date(2024, 12, 15)
    ligne = LigneSaisie("G", complement="F")
    assert codes(ligne, jour=dimanche) == [("COMPLEMENT_URGENCE", "lignes[0].complement")]
    assert codes(ligne, jour=dimanche, parcours="U") == []
    assert codes(ligne, jour=avant) == []


def test_deux_complements_le_meme_jour() -> None:
    dimanche = date(2026, 3, 1)
    deux = codes(LigneSaisie("G", complement="F"), LigneSaisie("VG", complement="F"), jour=dimanche, parcours="U")
    assert deux == [("COMPLEMENT_EN_DOUBLE", "lignes[1].complement")]


def test_une_majoration_oubliee() -> None:
    assert codes(LigneSaisie("G"), patient=ENFANT) == [("MAJORATION_OUBLIEE", "lignes[0].acte")]
    assert codes(LigneSaisie("G"), LigneSaisie("MEG"), patient=ENFANT) == []
    assert codes(LigneSaisie("C"), executant=SAGE_FEMME) == [("MAJORATION_OUBLIEE", "lignes[0].acte")]
    illisible = replace(ADULTE, date_naissance="x")
    assert "MAJORATION_OUBLIEE" not in [code for code, _ in codes(LigneSaisie("G"), patient=illisible)]


def test_une_consultation_et_un_acte_de_sage_femme() -> None:
    lignes = (LigneSaisie("C"), LigneSaisie("MSF"), LigneSaisie("SF"))
    assert codes(*lignes, executant=SAGE_FEMME) == [("CONSULTATION_ET_ACTE", "lignes[0].acte")]
    ailleurs = (LigneSaisie("C"), LigneSaisie("MSF"), LigneSaisie("SF", date=date(2026, 3, 1)))
    assert codes(*ailleurs, executant=SAGE_FEMME) == []


def test_les_autres_metiers_ne_sont_pas_concernes() -> None:
    pharmacien = Executant("pharmacien", "50")
    assert "MAJORATION_OUBLIEE" not in [code for code, _ in codes(LigneSaisie("G"), executant=pharmacien)]


@pytest.mark.parametrize(("acte", "specialite", "attendu"), [("C", "01", "G"), ("C", "03", "CS"), ("CP", "33", "CNP")])
def test_un_code_d_honoraires_libres_au_tarif_opposable(acte: str, specialite: str, attendu: str) -> None:
    """A general practitioner of sector 1 who codes C loses 7 € a consultation."""
    libre = replace(MEDECIN, specialite=specialite, convention="3")
    for executant, depassement in [
        (replace(libre, convention="1"), 0), (libre, 0), (replace(libre, option_tarifaire="optam"), 500),
    ]:
        facture = Facture(JOUR, executant, ADULTE, (LigneSaisie(acte, depassement_centimes=depassement),), parcours="O")
        [remarque] = controler(facture, JOUR)
        assert (remarque.code, remarque.champ) == ("CODE_HONORAIRES_LIBRES", "lignes[0].acte")
        assert remarque.message.endswith(f"cotez {attendu}.")
    avec = Facture(JOUR, libre, ADULTE, (LigneSaisie(acte, depassement_centimes=500),), parcours="O")
    assert controler(avec, JOUR) == ()


def test_un_depassement_autorise_sans_date_de_naissance_lisible() -> None:
    """The birth date is what is refused, not the overrun."""
    acte = LigneSaisie("CS", depassement_centimes=400, qualificatif="A")
    patient = replace(ADULTE, date_naissance="1980")
    trouvees = codes(acte, executant=replace(MEDECIN, specialite="03"), patient=patient, parcours="S")
    assert ("NAISSANCE_INVALIDE", "beneficiaire.date_naissance") in trouvees
    assert "QUALIFICATIF_REFUSE" not in [code for code, _ in trouvees]
