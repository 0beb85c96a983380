"""Paramètres by subject: mailboxes and their test, hours of sending, certificates of the organismes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QFileDialog

from sesam_desktop.ihm.fenetre import Fenetre
from sesam_desktop.noyau.erreurs import ErreurConnue


@pytest.fixture
def sujet(fenetre: Fenetre, repos):
    """The page on one subject, filled."""

    def montrer(nom: str):
        fenetre.aller("parametres", nom)
        repos()
        return fenetre.page

    return montrer


def test_chaque_boite_garde_ses_reglages_et_son_mot_de_passe(poste, sujet, repos) -> None:
    page = sujet("messagerie")
    oct_ = page.messageries.fiches["OCT"]
    page.messageries.aller("OCT")
    page.champs["courrier_oct.adresse"].setText("oct@demo.invalid")
    page.champs["courrier_oct.smtp_protection"].setCurrentIndex(1)
    oct_.secret.setText("secret-de-test")
    page.enregistrer()
    repos()
    configuration = poste.configuration
    assert (configuration.courrier_oct.adresse, configuration.courrier_oct.smtp_protection) == (
        "oct@demo.invalid", "tls"
    )
    assert configuration.courrier.adresse == ""
    assert poste.secrets == [("OCT", "secret-de-test")]
    assert oct_.secret.text() == ""


def test_un_dossier_ne_se_choisit_que_par_imap(sujet) -> None:
    page = sujet("messagerie")
    dossier, retrait = page.champs["courrier.dossier"], page.champs["courrier.retrait"]
    assert not dossier.isEnabled()
    retrait.setCurrentIndex(retrait.findData("imap"))
    assert dossier.isEnabled()


def test_une_boite_s_essaie_avec_ce_qui_est_ecrit(poste, sujet, repos, monkeypatch) -> None:
    demandes = []

    def essayer(_poste, boite, configuration, secret) -> str:
        demandes.append((boite, configuration.courrier.smtp_hote, secret))
        if len(demandes) == 2:
            raise ErreurConnue("Le serveur ne répond pas.", code="SERVEUR_INJOIGNABLE")
        return "Connexion protégée."

    monkeypatch.setattr("sesam_desktop.poste.essai_courrier.essayer", essayer)
    page = sujet("messagerie")
    page.champs["courrier.smtp_hote"].setText("smtp.demo.invalid")
    fiche = page.messageries.fiches["RSV"]
    fiche.secret.setText("secret-de-test")
    fiche.essai.emit("RSV")
    repos()
    assert demandes == [("RSV", "smtp.demo.invalid", "secret-de-test")]
    assert fiche.resultat.accessibleName() == "fait : Connexion protégée."
    fiche.essai.emit("RSV")
    repos()
    assert fiche.resultat.accessibleName() == "bloqué : Le serveur ne répond pas."


def test_des_plages_mal_ecrites_ne_se_gardent_pas(poste, sujet, repos) -> None:
    page = sujet("envois")
    page.champs["transmission.plages"].setText("midi")
    page.enregistrer()
    repos()
    assert "« midi » n'est pas comprise" in page.bandeau.phrase
    assert poste.configuration.transmission.plages == ""
    page.champs["transmission.plages"].setText("12:00-14:00")
    page.champs["transmission.signature_smime"].setChecked(True)
    page.enregistrer()
    repos()
    transmission = poste.configuration.transmission
    assert (transmission.plages, transmission.signature_smime) == ("12:00-14:00", True)


def test_les_certificats_se_lisent_du_plus_proche_de_sa_fin(poste, sujet, repos) -> None:
    page = sujet("certificats")
    assert page.certificats.etat.accessibleName().startswith("à faire : Aucun certificat")
    poste.certificats.garder("a@demo.invalid", annees=5)
    poste.certificats.garder("b@demo.invalid", "bientot_expire", annees=0)
    repos()
    assert [ligne.split("|")[:2] for ligne in page.certificats.liste.texte("|").splitlines()[1:]] == [
        ["à corriger", "b@demo.invalid"], ["fait", "a@demo.invalid"]
    ]
    assert page.certificats.etat.accessibleName() == "à corriger : 1 certificat expire bientôt."
    poste.certificats.garder("c@demo.invalid", "expire", annees=-1)
    repos()
    assert page.certificats.etat.accessibleName() == (
        "bloqué : 1 organisme n'a plus de certificat valable : rien ne part vers lui."
    )
    poste.certificats.garder("c@demo.invalid")
    poste.certificats.garder("b@demo.invalid")
    repos()
    assert page.certificats.etat.accessibleName() == "fait : 3 organismes ont un certificat valable."


def test_un_certificat_s_importe_ou_se_cherche(poste, sujet, repos, monkeypatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/tmp/a.pem", ""))
    page = sujet("certificats")
    page.certificats.adresse.setText("a@demo.invalid")
    page.certificats.importer.emit("a@demo.invalid")
    repos()
    assert page.bandeau.phrase.startswith("Fait : Certificat de a@demo.invalid gardé, valable jusqu'au ")
    page.certificats.chercher.emit("b@demo.invalid")
    repos()
    assert "L'annuaire ne répond pas." in page.bandeau.phrase
    page.champs["annuaire.hote"].setText("annuaire.demo.invalid")      # tried before it is kept
    page.certificats.chercher.emit("b@demo.invalid")
    repos()
    assert page.bandeau.phrase.startswith("Fait : Certificat de b@demo.invalid gardé")
    assert page.champs["annuaire.hote"].text() == "annuaire.demo.invalid"


def test_une_nouvelle_n_efface_pas_ce_qu_on_ecrit(poste, sujet, repos) -> None:
    page = sujet("messagerie")
    page.champs["courrier.smtp_hote"].setText("smtp.demo.invalid")
    page.messageries.fiches["RSV"].secret.setText("secret-de-test")
    poste.changer_profession("infirmier")        # a card that comes in changes the settings
    repos()
    assert page.champs["courrier.smtp_hote"].text() == "smtp.demo.invalid"
    assert page.messageries.fiches["RSV"].secret.text() == "secret-de-test"
    assert page.champs["profession"].currentData() == "infirmier"
    page.retablir()
    repos()
    assert page.champs["courrier.smtp_hote"].text() == poste.configuration.courrier.smtp_hote != "smtp.demo.invalid"
    assert page.messageries.fiches["RSV"].secret.text() == ""


def test_ce_qui_est_garde_suit_de_nouveau_les_nouvelles(poste, sujet, repos) -> None:
    page = sujet("envois")
    page.champs["transmission.plages"].setText("12:00-14:00")
    page.enregistrer()
    repos()
    poste.configuration = replace(poste.configuration,
                                  transmission=replace(poste.configuration.transmission, plages="20:00-22:00"))
    poste.changements.annoncer("configuration")
    repos()
    assert page.champs["transmission.plages"].text() == "20:00-22:00"


def test_un_champ_sans_titre_a_une_bulle(sujet) -> None:
    page = sujet("messagerie")
    sans_titre = ("courrier.smtp_port", "courrier.smtp_protection", "courrier.pop_port", "courrier.dossier")
    assert [page.champs[nom].toolTip() for nom in sans_titre] == [
        "Port d'envoi", "Protection de l'envoi", "Port de réception", "Dossier relevé par IMAP"
    ]
