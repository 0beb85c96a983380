"""Who is billed at the counter: several people on a card, no card, another card, the code, the prescriber."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sesam_desktop.factures.facture import Niveau, OrganismeAmc, Prescription, TiersPayant
from sesam_desktop.ihm.composants.code_porteur import CodePorteur
from sesam_desktop.ihm.facturation.beneficiaire import ChoixBeneficiaire
from sesam_desktop.ihm.facturation.sans_carte import PatientSansCarte
from sesam_desktop.noyau.identifiants import cle_nir

from .faux_poste import carte_vitale
from .faux_services import PARACETAMOL

K = Qt.Key


@pytest.fixture
def feuille(fenetre, repos):
    fenetre.aller("facturer")
    repos()
    return fenetre.page.feuille


def test_plusieurs_beneficiaires(feuille, poste, repos, dialogue) -> None:
    poste.lecteurs.inserer(carte_vitale("PAUL", "JULIE"))
    choix = dialogue(ChoixBeneficiaire)
    QTest.keyClicks(choix.liste, "2")
    QTest.keyClick(choix.liste, K.Key_Return)
    repos()
    assert feuille.saisie.actuelle.patient.prenom == "JULIE"


def test_dix_neuf_personnes_et_leurs_dates_lunaires(feuille, poste, repos, dialogue) -> None:
    """All of them are offered; two digits reach the thirteenth; an impossible month is shown as the card writes it."""
    carte = carte_vitale(*(f"PRENOM{rang}" for rang in range(1, 20)))
    treizieme = replace(carte.beneficiaires[12], date_naissance="19521342")
    sans_date = replace(carte.beneficiaires[18], date_naissance="")
    poste.lecteurs.inserer(
        replace(carte, beneficiaires=(*carte.beneficiaires[:12], treizieme, *carte.beneficiaires[13:18], sans_date))
    )
    choix = dialogue(ChoixBeneficiaire)
    textes = [choix.liste.item(rang).text() for rang in range(choix.liste.count())]
    assert len(textes) == 19
    assert "né(e) le 42/13/1952" in textes[12]
    assert textes[18] == "19   DURAND Prenom19  ·  date de naissance absente"
    QTest.keyClicks(choix.liste, "13")
    QTest.keyClick(choix.liste, K.Key_Return)
    repos()
    assert feuille.saisie.actuelle.patient.prenom == "PRENOM13"


def test_mode_degrade_avec_un_patient_deja_venu(fenetre, feuille, poste, repos, dialogue, qtbot) -> None:
    QTest.keyClick(fenetre, K.Key_F2)
    saisie = dialogue(PatientSansCarte)
    QTest.keyClicks(saisie.recherche, "lucie")
    qtbot.waitUntil(lambda: len(saisie.recherche.resultats) == 1)
    saisie.recherche.choisi.emit(saisie.recherche.resultats[0])
    saisie.champs["cle"].setText("00")
    saisie._valider()
    assert "clé" in saisie.bandeau.phrase
    saisie.champs["cle"].setText(cle_nir("2551999000002"))
    saisie.c2s.setChecked(True)
    saisie.regime_local.setChecked(True)
    saisie._valider()
    repos()
    patient = feuille.saisie.actuelle.patient
    assert (patient.nom, patient.c2s, patient.regime_local) == ("MARTIN", True, True)
    assert feuille.saisie.actuelle.tiers_payant.amc            # the C2S pays both parts
    assert feuille.saisie.actuelle.niveau is Niveau.DEGRADEE
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    feuille.securiser()
    repos()
    assert poste.facturation.signees[0].facture.niveau is Niveau.DEGRADEE


@pytest.mark.parametrize("champ, valeur, mot", [("nom", "", "nom"), ("caisse", "72", "organisme"),
                                                ("naissance", "3/7/80", "naissance")])
def test_un_patient_mal_saisi_est_refuse(qtbot, atelier, fenetre, champ, valeur, mot) -> None:
    dialogue = PatientSansCarte(atelier)
    qtbot.addWidget(dialogue)
    bons = {"nom": "DURAND", "prenom": "PAUL", "nir": "1 80 19 75 000 001", "cle": cle_nir("1801975000001"),
            "naissance": "32/13/1980", "regime": "01", "caisse": "721", "centre": "0000"}
    for nom, texte in {**bons, champ: valeur}.items():
        dialogue.champs[nom].setText(texte)
    dialogue._valider()
    assert dialogue.patient is None
    assert mot in dialogue.bandeau.phrase
    dialogue.champs[champ].setText(bons[champ])
    dialogue._valider()
    assert dialogue.patient is not None
    assert dialogue.patient.date_naissance == "19801332"


def test_un_code_porteur_faux_se_dit_a_cote_du_champ(feuille, poste, repos, dialogue) -> None:
    poste.lecteurs.session_ouverte = False
    poste.lecteurs.inserer(carte_vitale())
    repos()
    assert "code porteur" in feuille.alertes.phrase
    feuille.alertes._agir()
    code = dialogue(CodePorteur)
    QTest.keyClicks(code.champ, "9999")
    QTest.keyClick(code.champ, K.Key_Return)
    repos()
    assert "Il reste 2 essais" in code.bandeau.phrase
    assert code.champ.text() == ""
    assert poste.lecteurs.essais == ["9999"]
    code.reject()


def test_la_carte_d_un_autre_ne_prend_pas_la_facture_en_cours(feuille, poste, repos) -> None:
    poste.lecteurs.inserer(carte_vitale())
    repos()
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    autre = carte_vitale("JULIE")
    autre = replace(autre, numero_serie="0000000000000099", assure=replace(autre.assure, nir="2551999000002"))
    poste.lecteurs.inserer(autre)
    repos()
    assert feuille.saisie.actuelle.patient.prenom == "PAUL"
    assert "n'est pas celle du patient" in feuille.bandeau.phrase
    feuille.bandeau._agir()
    repos()
    assert feuille.saisie.actuelle.patient.prenom == "JULIE"
    assert feuille.saisie.actuelle.lignes == ()


def test_un_prescripteur_par_son_numero(feuille) -> None:
    champ = feuille.prescription.champ
    champ.setText("10001234564")
    champ.returnPressed.emit()
    assert "clé fausse" in feuille.bandeau.phrase
    champ.setText("INCONNU")
    champ.returnPressed.emit()
    assert "inconnu" in feuille.bandeau.phrase
    champ.setText("1000 1234 565")
    champ.returnPressed.emit()
    assert isinstance(feuille.saisie.actuelle.prescription, Prescription)
    assert feuille.saisie.actuelle.prescription.prescripteur == "10001234565"


def test_le_tiers_payant_se_choisit(feuille, poste, repos) -> None:
    mutuelle = OrganismeAmc("75500017")
    poste.droits.amc = mutuelle
    poste.lecteurs.inserer(carte_vitale())
    repos()
    ligne = feuille.patient
    assert not ligne.amc.isHidden()
    assert (ligne.amo.isChecked(), ligne.amc.isChecked()) == (True, False)
    ligne.amc.click()
    assert feuille.saisie.actuelle.tiers_payant == TiersPayant(amo=True, amc=True)
    assert feuille.saisie.actuelle.amc == mutuelle
    ligne.amc.click()
    ligne.amo.click()
    assert feuille.saisie.actuelle.tiers_payant == TiersPayant(amo=False, amc=False)
    assert feuille.saisie.actuelle.amc is None


def test_la_c2s_paie_les_deux_parts_sans_rien_demander(feuille, poste, repos) -> None:
    poste.droits.c2s = True
    poste.lecteurs.inserer(carte_vitale())
    repos()
    assert feuille.saisie.actuelle.tiers_payant == TiersPayant(amo=True, amc=True)
    assert feuille.patient.amc.isChecked()
