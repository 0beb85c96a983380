"""Facturer for those who bill acts: tour, chips, hour, kilometres, later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtTest import QTest

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.ihm.facturation.entree_actes import ecrire_acte, lire_acte
from sesam_desktop.ihm.facturation.horaires import complement, heure
from sesam_desktop.noyau.erreurs import EntreeInvalide

from .faux_poste import PATIENTS, carte_vitale, executant


@pytest.fixture
def feuille(fenetre, poste, repos):
    poste.registre.soigner(poste.facturation, (LigneSaisie("AMI", coefficient=Decimal(4)),))
    pharmacien = poste.lecteurs.ps
    poste.lecteurs.ps = replace(pharmacien, situations=(replace(pharmacien.situations[0], specialite="24"),))
    poste.changements.annoncer("cartes")
    repos()
    assert poste.configuration.profession == "infirmier"
    fenetre.aller("facturer")
    repos()
    return fenetre.page.feuille


def textes(feuille) -> list[str]:
    return [feuille.tournee.item(rang).text() for rang in range(feuille.tournee.count())]


def choisir(feuille, rang: int, repos) -> None:
    feuille.tournee.setFocus()
    feuille.tournee.setCurrentRow(rang)
    QTest.keyClick(feuille.tournee, Qt.Key.Key_Return)
    feuille.tournee.itemActivated.emit(feuille.tournee.item(rang))
    repos()


def test_la_tournee_montre_les_patients_de_ce_professionnel(feuille, poste, repos) -> None:
    assert textes(feuille) == ["BERNARD Jean", "DURAND Paul", "MARTIN Lucie"]
    securisee, etat = poste.registre.factures["000000002"]
    autre = replace(securisee.facture.demande, executant=replace(executant("infirmier"), numero_facturation="72999999"))
    poste.registre.factures["000000002"] = (
        replace(securisee, facture=replace(securisee.facture, demande=autre)), etat
    )
    poste.registre.remplir(poste.facturation, [Etat.PAYEE] * 3)
    poste.changements.annoncer("factures")
    repos()
    assert textes(feuille) == ["BERNARD Jean", "DURAND Paul"]


def test_les_actes_se_tapent_et_prennent_la_visite(feuille, poste, repos) -> None:
    choisir(feuille, 2, repos)
    assert feuille.saisie.actuelle.patient == PATIENTS[1]
    feuille.visite.instant.setDateTime(QDateTime(2026, 11, 21, 21, 30, 0))
    feuille.visite.domicile.setChecked(True)
    feuille.visite.km.setValue(12)
    feuille.entree.setText("AMI 4")
    feuille.entree.returnPressed.emit()
    feuille.entree.setText("BSB")
    feuille.entree.returnPressed.emit()
    repos()
    premiere, seconde = feuille.saisie.actuelle.lignes
    assert (premiere.acte, premiere.coefficient, premiere.complement) == ("AMI", Decimal(4), "N")
    assert (premiere.ik_km, seconde.ik_km) == (12, 0)
    assert premiere.domicile
    assert seconde.domicile
    assert feuille.visite.majoration.text() == "majoration de nuit"
    assert feuille.saisie.actuelle.date_soins.isoformat() == "2026-11-21"
    feuille.entree.setText("n'importe quoi")
    feuille.entree.returnPressed.emit()
    assert "n'est pas un acte" in feuille.bandeau.phrase


def test_la_derniere_prescription_se_repete_en_puces(feuille, poste, repos) -> None:
    choisir(feuille, 1, repos)
    assert [ecrire_acte(ligne) for ligne in feuille.puces.lignes] == ["AMI 4"]
    feuille.entree.setText("AMI 1,5")
    feuille.entree.returnPressed.emit()
    repos()
    feuille.securiser()
    repos()
    assert len(poste.facturation.signees) == 1
    choisir(feuille, 1, repos)
    assert [ecrire_acte(ligne) for ligne in feuille.puces.lignes] == ["AMI 1,5"]
    puce = feuille.puces.findChildren(type(feuille.puces._puce(1, LigneSaisie("AMI"), False)))[0]
    puce.click()
    repos()
    assert [ligne.acte for ligne in feuille.saisie.actuelle.lignes] == ["AMI"]
    feuille.puces.basculee.emit(feuille.puces.lignes[0], False)
    assert feuille.saisie.actuelle.lignes == ()


def test_les_actes_d_un_autre_metier_ne_se_repetent_pas(feuille, poste, repos) -> None:
    poste.registre.remplir(poste.facturation, [Etat.PAYEE] * 3)
    choisir(feuille, 1, repos)
    assert [ecrire_acte(ligne) for ligne in feuille.puces.lignes] == ["AMI 4"]


def test_signer_plus_tard(feuille, poste, repos) -> None:
    feuille.mettre_de_cote()
    assert "Choisissez un patient" in feuille.bandeau.phrase
    choisir(feuille, 0, repos)
    feuille.entree.setText("AMI 1,5")
    feuille.entree.returnPressed.emit()
    repos()
    feuille.mettre_de_cote()
    repos()
    assert feuille.saisie.actuelle.vide
    assert feuille.tournee.item(0).text() == "BERNARD Jean\nà signer"
    choisir(feuille, 0, repos)
    assert feuille.saisie.actuelle.patient == PATIENTS[2]
    assert feuille.saisie.actuelle.lignes[0].coefficient == Decimal("1.5")


def test_le_medecin_dit_le_parcours(fenetre, poste, repos) -> None:
    poste.lecteurs.ps = None
    poste.changer_profession("medecin")
    fenetre.aller("facturer")
    poste.lecteurs.inserer(carte_vitale())
    repos()
    feuille = fenetre.page.feuille
    assert feuille.entree.placeholderText().startswith("G, VG, CS, un code CCAM")
    choix = feuille.parcours.choix
    assert choix.itemText(choix.findData("S")) == "S  Hors parcours de soins"
    choix.setCurrentIndex(choix.findData("S"))
    choix.activated.emit(choix.currentIndex())
    assert feuille.saisie.actuelle.parcours == "S"
    feuille.saisie.annuler()
    assert choix.currentData() == ""


@pytest.mark.parametrize("instant, lettre", [
    ("2026-11-20 12:00", ""),       # a Friday at noon
    ("2026-11-20 20:00", "N"), ("2026-11-20 22:59", "N"), ("2026-11-20 23:00", "S"), ("2026-11-21 04:59", "S"),
    ("2026-11-21 05:00", "N"), ("2026-11-21 07:59", "N"), ("2026-11-21 08:00", ""),
    ("2026-11-22 10:00", "F"),      # a Sunday
    ("2026-11-11 10:00", "F"),      # Armistice
    ("2026-11-22 21:00", "N"),      # the night comes before the Sunday
])
def test_l_heure_donne_la_majoration(instant: str, lettre: str) -> None:
    """Hours of the nurses' supplements: night 20 h–23 h and 5 h–8 h, middle of the night 23 h–5 h (ONSIL)."""
    assert complement("infirmier", datetime.fromisoformat(instant)) == lettre


@pytest.mark.parametrize("jour, lettre, attendue", [
    ("2026-11-20", "", 8), ("2026-11-20", "N", 20), ("2026-11-20", "S", 23), ("2026-11-22", "F", 8),
    ("2026-11-20", "F", 8),         # no hour of a Friday gives it
])
def test_une_heure_qui_donne_la_majoration(jour: str, lettre: str, attendue: int) -> None:
    assert heure("infirmier", date.fromisoformat(jour), lettre) == attendue


def test_le_26_decembre_n_est_ferie_qu_en_alsace_moselle() -> None:
    instant = datetime.fromisoformat("2025-12-26 10:00")
    assert complement("infirmier", instant, "67") == "F"
    assert complement("infirmier", instant, "72") == ""


@pytest.mark.parametrize("texte, attendue", [
    ("AMI 4", LigneSaisie("AMI", coefficient=Decimal(4))),
    ("ami4,5", LigneSaisie("AMI", coefficient=Decimal("4.5"))),
    ("AMI 1,5 x2", LigneSaisie("AMI", quantite=2, coefficient=Decimal("1.5"))),
    ("bsb", LigneSaisie("BSB")),
    ("G", LigneSaisie("G")),
    ("AMK 8,3", LigneSaisie("AMK", coefficient=Decimal("8.3"))),
    ("CS", LigneSaisie("CS")),
    ("0552", LigneSaisie("NABM", code="0552")),
    ("DEQP003", LigneSaisie("CCAM", code="DEQP003", activite="1", phase="0")),
    ("deqp003-4", LigneSaisie("CCAM", code="DEQP003", activite="4", phase="0")),
    ("DEQP003 -1-2 +FU+7 /2",
     LigneSaisie("CCAM", code="DEQP003", activite="1", phase="2", modificateurs=("F", "U", "7"), association="2")),
    ("HBMD058 d16 d17", LigneSaisie("CCAM", code="HBMD058", activite="1", phase="0", dents=("16", "17"))),
    ("lpp 1234567 12,50", LigneSaisie("LPP", code="1234567", montant_facture_centimes=1250)),
    ("PAN 1234567 12,50", LigneSaisie("PAN", code="1234567", montant_facture_centimes=1250)),
    ("1234567 x2", LigneSaisie("LPP", quantite=2, code="1234567")),
])
def test_un_acte_se_lit(texte: str, attendue: LigneSaisie) -> None:
    assert lire_acte(texte) == attendue
    assert lire_acte(ecrire_acte(attendue)) == attendue


@given(st.text(max_size=30))
def test_tout_texte_se_lit_ou_se_refuse(texte: str) -> None:
    try:
        ligne = lire_acte(texte)
    except EntreeInvalide as erreur:
        assert erreur.code == "ACTE_ILLISIBLE"
    else:
        assert ligne.acte
