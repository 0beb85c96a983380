"""Facturer at the counter, by keyboard and scanner."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from sesam_desktop.factures.facture import Alerte, LigneSaisie, Niveau, Prescription
from sesam_desktop.ihm.composants.code_porteur import CodePorteur
from sesam_desktop.ihm.facturation.beneficiaire import ChoixBeneficiaire
from sesam_desktop.ihm.facturation.officine import lire_ligne
from sesam_desktop.ihm.facturation.sans_carte import PatientSansCarte
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .faux_poste import AMOXICILLINE, CODE, JOUR, PARACETAMOL, carte_vitale

K = Qt.Key


@pytest.fixture
def feuille(fenetre, repos):
    fenetre.aller("facturer")
    repos()
    return fenetre.page.feuille


def taper(texte: str = "", touche: Qt.Key | None = None) -> None:
    """To whatever has the keyboard, as a person does."""
    cible = QApplication.activePopupWidget() or QApplication.focusWidget() or QApplication.activeWindow()
    assert cible is not None
    if texte:
        QTest.keyClicks(cible, texte)
    if touche is not None:
        QTest.keyClick(cible, touche)


def scanner(code: str) -> None:
    taper(code, K.Key_Return)


def test_une_facture_entiere_au_clavier(fenetre, poste, repos, dialogue, qtbot) -> None:
    """Card in, prescriber, two boxes, quantity, code, signed: no mouse."""
    poste.lecteurs.session_ouverte = False
    repos()
    taper(touche=K.Key_F10)                       # Accueil: Facturer
    repos()
    poste.lecteurs.inserer(carte_vitale())
    repos()
    feuille = fenetre.page.feuille
    assert feuille.saisie.actuelle.patient.nom == "DURAND"
    taper(touche=K.Key_F3)
    taper("ler")
    qtbot.waitUntil(lambda: bool(feuille.prescription.champ.resultats))
    taper(touche=K.Key_Down)
    taper(touche=K.Key_Return)
    repos()
    assert feuille.saisie.actuelle.prescription.nom == "LEROY"
    taper(touche=K.Key_F4)
    scanner(PARACETAMOL)
    repos()
    scanner(AMOXICILLINE)
    repos()
    feuille.tableau.setFocus()
    taper(touche=K.Key_Up)
    taper(touche=K.Key_Up)
    taper("3")
    qtbot.waitUntil(lambda: feuille.saisie.actuelle.lignes[0].quantite == 3)
    taper(touche=K.Key_F10)
    code = dialogue(CodePorteur)
    assert code.champ.echoMode() == QLineEdit.EchoMode.Password
    QTest.keyClicks(code.champ, CODE)
    QTest.keyClick(code.champ, K.Key_Return)
    qtbot.waitUntil(lambda: len(poste.facturation.signees) == 1)
    repos()
    signee = poste.facturation.signees[0].facture
    assert signee.niveau is Niveau.SECURISEE
    assert [(ligne.cip13, ligne.quantite) for ligne in signee.demande.lignes] == [(PARACETAMOL, 3), (AMOXICILLINE, 1)]
    assert signee.demande.prescription.prescripteur == "10001234565"
    assert "Facture 000000001 sécurisée" in feuille.bandeau.phrase
    assert feuille.saisie.actuelle.vide
    assert poste.facturation.garde is None


def test_le_prix_et_les_honoraires_s_affichent(feuille, poste, repos) -> None:
    """Two boxes at 1,16 € and two fees at 1,02 €: 4,36 €, 65 % of each line to the AMO (1,508 → 1,51; 1,326 → 1,33)."""
    poste.lecteurs.inserer(carte_vitale())
    repos()
    for _ in range(2):
        feuille.ajouter_texte(PARACETAMOL)
        repos()
    rangees = feuille.tableau.modele.rangees
    assert [r.ajoutee for r in rangees] == [False, True]
    assert feuille.tableau.texte("|").splitlines()[1].split("|")[2] == "2"
    assert feuille.totaux.a_payer == "1,52\u00a0€"


def test_un_scan_dans_un_autre_champ_ajoute_une_ligne_et_rend_le_champ(feuille, poste, repos) -> None:
    poste.lecteurs.inserer(carte_vitale())
    repos()
    champ = feuille.prescription.champ
    champ.setFocus()
    champ.setText("LE")
    scanner(PARACETAMOL)
    repos()
    assert champ.text() == "LE"
    assert [ligne.cip13 for ligne in feuille.saisie.actuelle.lignes] == [PARACETAMOL]


def test_un_scan_sur_le_tableau_ajoute_une_ligne(feuille, poste, repos) -> None:
    poste.lecteurs.inserer(carte_vitale())
    repos()
    feuille.ajouter_texte(AMOXICILLINE)
    repos()
    feuille.tableau.setFocus()
    scanner(PARACETAMOL)
    repos()
    assert [ligne.cip13 for ligne in feuille.saisie.actuelle.lignes] == [AMOXICILLINE, PARACETAMOL]
    assert feuille.saisie.actuelle.lignes[0].quantite == 1


def test_des_lettres_sur_le_tableau_vont_dans_le_champ_de_saisie(feuille, qtbot) -> None:
    feuille.tableau.setFocus()
    taper("amox")
    qtbot.waitUntil(lambda: feuille.entree.text() == "amox")


def test_un_code_inconnu_est_dit_et_rien_ne_change(feuille, poste, repos) -> None:
    feuille.ajouter_texte("3400930000038")
    repos()
    assert feuille.saisie.actuelle.lignes == ()
    assert "base des médicaments" in feuille.bandeau.phrase
    feuille.ajouter_texte("123")
    assert "n'est pas un code CIP" in feuille.bandeau.phrase


def test_defaire_et_refaire(feuille, poste, repos) -> None:
    poste.lecteurs.inserer(carte_vitale())
    repos()
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    feuille.retirer_ligne()
    assert feuille.saisie.actuelle.lignes == ()
    feuille.saisie.annuler()
    assert len(feuille.saisie.actuelle.lignes) == 1
    feuille.saisie.annuler()
    feuille.saisie.retablir()
    assert len(feuille.saisie.actuelle.lignes) == 1
    feuille.abandonner()
    assert feuille.saisie.actuelle.vide
    feuille.saisie.annuler()
    assert feuille.saisie.actuelle.patient.nom == "DURAND"


def test_pourquoi_montre_les_regles(feuille, poste, repos) -> None:
    poste.lecteurs.inserer(carte_vitale())
    repos()
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    feuille.basculer_pourquoi()
    texte = feuille.pourquoi.toPlainText()
    assert "Médicament remboursé à 65 %." in texte
    assert "CSS R.160-5 · 2026.11 [TAUX_PH7]" in texte
    feuille.abandonner()
    assert feuille.pourquoi.isHidden()
    assert not feuille.saisie.actuelle.vide


def test_plusieurs_beneficiaires(feuille, poste, repos, dialogue) -> None:
    poste.lecteurs.inserer(carte_vitale("PAUL", "JULIE"))
    choix = dialogue(ChoixBeneficiaire)
    QTest.keyClicks(choix.liste, "2")
    QTest.keyClick(choix.liste, K.Key_Return)
    repos()
    assert feuille.saisie.actuelle.patient.prenom == "JULIE"


def test_mode_degrade_avec_un_patient_deja_venu(feuille, poste, repos, dialogue, qtbot) -> None:
    taper(touche=K.Key_F2)
    saisie = dialogue(PatientSansCarte)
    QTest.keyClicks(saisie.recherche, "lucie")
    qtbot.waitUntil(lambda: len(saisie.recherche.resultats) == 1)
    saisie.recherche.choisi.emit(saisie.recherche.resultats[0])
    saisie.champs["cle"].setText("00")
    saisie._valider()
    assert "clé" in saisie.bandeau.phrase
    from sesam_desktop.noyau.identifiants import cle_nir

    saisie.champs["cle"].setText(cle_nir("2551999000002"))
    saisie._valider()
    repos()
    assert feuille.saisie.actuelle.patient.nom == "MARTIN"
    assert feuille.saisie.actuelle.niveau is Niveau.DEGRADEE
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    feuille.securiser()
    repos()
    assert poste.facturation.signees[0].facture.niveau is Niveau.DEGRADEE


@pytest.mark.parametrize("champ, valeur, mot", [("nom", "", "nom"), ("caisse", "72", "organisme"),
                                                ("naissance", "3/7/80", "naissance")])
def test_un_patient_mal_saisi_est_refuse(qtbot, atelier, fenetre, champ, valeur, mot) -> None:
    from sesam_desktop.noyau.identifiants import cle_nir

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


def test_une_signature_refusee_ne_perd_rien(feuille, poste, repos) -> None:
    poste.lecteurs.inserer(carte_vitale())
    repos()
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    poste.facturation.refus = ErreurConnue(
        "La carte Vitale a été retirée pendant la signature.", code="CARTE_RETIREE", action="Réinsérez-la."
    )
    feuille.securiser()
    repos()
    assert "Réinsérez-la." in feuille.bandeau.phrase
    assert len(feuille.saisie.actuelle.lignes) == 1
    assert feuille.principale.isEnabled()


def test_les_alertes_bloquantes_viennent_d_abord(feuille, poste, repos) -> None:
    poste.droits.alertes = (Alerte("A", "avertissement", "Droits à vérifier."),)
    poste.facturation.alertes = (Alerte("B", "bloquante", "Prescription dans le futur."),)
    poste.lecteurs.inserer(carte_vitale())
    repos()
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    assert feuille.alertes.phrase.startswith("Erreur : Prescription dans le futur.\nDroits")


def test_le_brouillon_survit(feuille, poste, repos, fenetre) -> None:
    poste.lecteurs.inserer(carte_vitale())
    repos()
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    garde = poste.facturation.garde
    assert garde is not None
    assert garde.lignes == feuille.saisie.actuelle.lignes
    feuille.saisie.recommencer(JOUR)
    feuille._brouillon_demande = False
    feuille.rafraichir()
    repos()
    assert feuille.saisie.actuelle.lignes == garde.lignes
    assert "retrouvée" in feuille.bandeau.phrase


def test_la_carte_d_un_autre_ne_prend_pas_la_facture_en_cours(feuille, poste, repos) -> None:
    from dataclasses import replace

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


def test_modifier_une_ligne(feuille, poste, repos) -> None:
    poste.lecteurs.inserer(carte_vitale())
    repos()
    feuille.modifier_ligne()
    assert "Choisissez d'abord une ligne" in feuille.bandeau.phrase
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    feuille.modifier_ligne()
    feuille.editeur.prix.setText("douze")
    feuille.editeur._prix()
    assert "n'est pas un montant" in feuille.editeur.motif.text()
    feuille.editeur.prix.setText("12,50")
    feuille.editeur._prix()
    feuille.editeur.ald.setChecked(True)
    ligne = feuille.saisie.actuelle.lignes[0]
    assert (ligne.prix_centimes, ligne.ald) == (1250, True)


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


def test_une_ligne_tapee() -> None:
    assert lire_ligne("LPP 1234567 12,50") == LigneSaisie("LPP", code="1234567", montant_facture_centimes=1250)
    assert lire_ligne("lpp 1234567") == LigneSaisie("LPP", code="1234567")
    assert lire_ligne(PARACETAMOL).cip13 == PARACETAMOL
    with pytest.raises(EntreeInvalide):
        lire_ligne("PARACETAMOL")
