"""Rights of one beneficiary as the counter sees them."""

from dataclasses import replace
from datetime import date

import pytest

from sesam_desktop.cartes import zones
from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_duo_de_demonstration
from sesam_desktop.cartes.vitale import Couverture, GroupeInconnu
from sesam_desktop.cartes.vitale_zones import groupes_de
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.poste import Poste

JOUR = date(2026, 3, 2)


def lu(poste: Poste, nom: str, rang: int = 0):
    poste.environnement.inserer_vitale(nom)
    return poste.droits.patient(poste.lecteurs.lire_vitale(), rang, JOUR)


def test_plain_insured(poste: Poste):
    patient = lu(poste, "assure")
    assert (patient.patient.nom, patient.patient.nir, patient.patient.cle) == ("DURAND", "1851972000001", "61")
    assert patient.destinataire.adresse == "01721@721.01.demonstration.invalid"
    assert patient.alertes == ()


def test_key_of_the_example_is_right_by_hand():
    """97 - 1851972000001 mod 97: 97 × 19092494845 = 1851971999965, remainder 36, key 61."""
    assert 97 * 19092494845 + 36 == 1851972000001


def test_each_beneficiary_of_a_family(poste: Poste):
    assert [lu(poste, "famille", rang).patient.prenom for rang in range(3)] == ["JULIE", "MARC", "ZOE"]
    with pytest.raises(ErreurConnue) as refus:
        lu(poste, "famille", 3)
    assert refus.value.code == "BENEFICIAIRE_INCONNU"


@pytest.mark.parametrize(
    ("nom", "alerte", "gravite"),
    [("droits-expires", "DROITS_FERMES", "avertissement"), ("opposition", "CARTE_OPPOSEE", "bloquante")],
)
def test_what_the_counter_must_know(poste: Poste, nom: str, alerte: str, gravite: str):
    assert [(a.code, a.gravite) for a in lu(poste, nom).alertes] == [(alerte, gravite)]


def test_what_rests_on_a_project_table_or_rule_is_told(poste: Poste):
    """The régime local is deduced from a situation by a table of the project."""
    codes = [a.code for a in lu(poste, "regime-local").alertes]
    assert codes == ["DROITS_A_CONFIRMER"]


def test_rights_of_the_card_reach_the_invoice(poste: Poste):
    assert lu(poste, "ald").patient.ald == "1"
    assert lu(poste, "regime-local").patient.regime_local
    assert lu(poste, "c2s").patient.c2s


def test_card_read_only_in_part_is_told(poste: Poste):
    poste.environnement.inserer_vitale("assure")
    publique = replace(poste.lecteurs.lire_vitale(), droits_lus=False, numero_serie="")
    alertes = poste.droits.patient(publique, 0, JOUR).alertes
    assert [a.code for a in alertes] == ["DROITS_NON_LUS", "OPPOSITION_NON_VERIFIEE"]
    assert "rang de naissance" in alertes[0].message  # the chip gives neither the rank of twins nor the quality


def test_fund_outside_the_table_is_told(poste: Poste):
    poste.environnement.inserer_vitale("assure")
    carte = poste.lecteurs.lire_vitale()
    ailleurs = replace(carte, assure=replace(carte.assure, caisse="999"))
    patient = poste.droits.patient(ailleurs, 0, JOUR)
    assert [a.code for a in patient.alertes] == ["DESTINATAIRE_HORS_TABLE"]
    assert patient.destinataire.organisme == "999"


def test_expired_card_and_unknown_groups_are_told(poste: Poste):
    assert [(a.code, a.gravite) for a in lu(poste, "expiree").alertes] == [("CARTE_EXPIREE", "avertissement")]
    carte = replace(poste.lecteurs.vitale, fin_validite=None, inconnus=(GroupeInconnu(112, (b"X",), 0),) * 2)
    [alerte] = poste.droits.patient(carte, 0, JOUR).alertes
    assert alerte.code == "GROUPES_INCONNUS"
    assert "(groupe 112)" in alerte.message


def test_lunar_dates_and_nineteen_beneficiaries_can_be_billed(poste: Poste):
    assert lu(poste, "lunaire", 1).patient.date_naissance == "19520000"
    jumelle = lu(poste, "tribu", 6).patient
    assert (jumelle.prenom, jumelle.rang, jumelle.nir_individuel) == ("ELISE", 2, "")
    assert lu(poste, "tribu", 18).droits.ouverts


def test_133_periods_of_19_people_reach_the_invoice(poste: Poste):
    """The largest card known: seven periods each, of which the fifth is in force; the order of the file decides."""
    periodes = [(date(2019 + 2 * n, 1, 1), date(2020 + 2 * n, 12, 31)) for n in range(7)]
    couvertures = tuple(
        Couverture(debut, fin, str(n % 5), f"010{n}") for n, (debut, fin) in enumerate(periodes)
    )
    [tribu] = [carte for nom, carte in cartes_de_demonstration() if nom == "tribu"]
    chargee = replace(tribu, beneficiaires=tuple(replace(b, couvertures=couvertures) for b in tribu.beneficiaires))
    assert sum(len(b.couvertures) for b in chargee.beneficiaires) == 133
    [fichier] = (poste.profil / "cartes").glob("*tribu*.ssv")
    fichier.write_bytes(zones.ecrire(groupes_de(chargee)))
    lus = [lu(poste, "tribu", rang) for rang in range(19)]
    assert {(p.patient.ald, p.patient.situation) for p in lus} == {("3", "0103")}
    assert [p.patient.prenom for p in lus] == [b.prenom for b in tribu.beneficiaires]


def test_complementary_card_completes_the_vitale(poste: Poste):
    duo = dict(cartes_duo_de_demonstration())
    poste.environnement.inserer_vitale("assure")
    vitale = poste.lecteurs.lire_vitale()
    assert poste.droits.patient(vitale, 0, JOUR).amc is None
    amc = poste.droits.patient(vitale, 0, JOUR, duo["duo-assure"]).amc
    assert (amc.numero, amc.adherent, amc.domaine) == ("0000000088", "00000107", "DUO.TEST")
    with pytest.raises(ErreurConnue) as refus:
        poste.droits.patient(vitale, 0, JOUR, duo["duo-famille"])
    assert refus.value.code == "DUO_AUTRE_PATIENT"
    assert "LEROY" not in refus.value.phrase()
    poste.environnement.inserer_vitale("famille")
    famille = poste.lecteurs.lire_vitale()
    assert poste.droits.patient(famille, 0, JOUR, duo["duo-famille"]).amc.numero == "00000010"  # the Vitale's mutuelle
    assert poste.droits.patient(famille, 2, JOUR, duo["duo-famille"]).amc.numero == "0000000077"
