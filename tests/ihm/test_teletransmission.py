"""Télétransmission: the three columns, the key that does the next right thing, the remedies, one return opened."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from sesam_desktop.ihm.composants.confirmation import Confirmation
from sesam_desktop.ihm.modeles import bilans
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.depot_retours import CourrierVu

from .faux_services import fiche


def test_une_touche_fait_la_suite(aller, poste, repos) -> None:
    poste.transmission.a_mettre_en_lot = 3
    page = aller("teletransmission")
    textes = []
    for _ in range(3):
        textes.append(page.principale.text())
        page.suivant()
        repos()
    assert textes == ["Mettre en lot 3 factures", "Envoyer 1 lot", "Relever les retours"]
    assert poste.transmission.faits == ["preparer", "envoyer", "relever"]
    assert "1 lot refusé" in page.bandeau.phrase
    assert page.a_traiter.liste.item(0).text().startswith("Lot 002  ·  CPAM Sarthe  ·  01 721 001\n3 factures  ·  1")


def test_un_retour_s_ouvre_recu_et_lu(aller, poste, repos) -> None:
    poste.transmission.a_traiter = [fiche(7, "Lot refusé par la caisse.")]
    page = aller("teletransmission")
    page.a_traiter.liste.itemActivated.emit(page.a_traiter.liste.item(0))
    repos()
    assert page.pile.currentWidget() is page.retour
    assert page.retour.recu.toPlainText() == "000ARL·999"
    assert page.retour.lu.modele.rangees[0].phrase == "Lot refusé : Total faux [C12]"
    page.revenir()
    assert page.pile.currentIndex() == 0


def test_un_serveur_absent_se_dit_et_se_retente(aller, poste, repos) -> None:
    poste.transmission.a_envoyer = [fiche(1)]
    poste.transmission.refus = ErreurConnue("Le serveur ne répond pas.", code="SERVEUR_INJOIGNABLE")
    page = aller("teletransmission")
    page.suivant()
    repos()
    assert "ne répond pas" in page.bandeau.phrase
    assert page.principale.isEnabled()
    poste.transmission.refus = None
    page.bandeau._agir()
    repos()
    assert poste.transmission.faits == ["envoyer", "envoyer"]


def test_reessayer_refait_ce_qui_a_echoue(aller, poste, repos) -> None:
    poste.transmission.a_envoyer, poste.transmission.a_mettre_en_lot = [fiche(1)], 2
    poste.transmission.refus = ErreurConnue("Le serveur ne répond pas.", code="SERVEUR_INJOIGNABLE")
    page = aller("teletransmission")
    page.envoyer()
    repos()
    poste.transmission.refus = None
    assert page.principale.text() == "Mettre en lot 2 factures"
    page.bandeau._agir()
    repos()
    assert poste.transmission.faits == ["envoyer", "envoyer"]


def test_des_factures_laissees_de_cote_ne_retiennent_pas_les_lots_prets(aller, poste, repos) -> None:
    poste.transmission.a_envoyer, poste.transmission.a_mettre_en_lot = [fiche(1)], 1
    refus = SimpleNamespace(facture="000000009", code="CPS_D_UN_AUTRE", message="La carte n'est pas la sienne.")
    poste.transmission.preparer = lambda *_: SimpleNamespace(lots=[], refus=[refus])
    page = aller("teletransmission")
    assert page.principale.text() == "Mettre en lot 1 facture"
    page.suivant()
    repos()
    assert page.principale.text() == "Envoyer 1 lot"
    poste.changements.annoncer("cartes")
    repos()
    assert page.principale.text() == "Mettre en lot 1 facture"


def choisir(page, colonne) -> None:
    colonne.liste.setCurrentRow(0)


def test_un_envoi_refuse_se_relance(aller, poste, repos) -> None:
    poste.transmission.a_traiter = [replace(fiche(4, "Refusé par le serveur."), etat_message="en_quarantaine")]
    page = aller("teletransmission")
    assert not page._remede.isEnabled()
    choisir(page, page.a_traiter)
    assert page._remede.text() == "Relancer l'envoi"
    page.remedier()
    repos()
    assert poste.transmission.faits == ["relancer 4@demo.invalid"]
    assert "partira au prochain envoi" in page.bandeau.phrase


def test_les_factures_d_un_lot_refuse_se_renvoient(aller, poste, repos) -> None:
    poste.transmission.a_traiter = [replace(fiche(4, "Lot refusé par la caisse."), refuse=True)]
    page = aller("teletransmission")
    choisir(page, page.a_traiter)
    assert page._remede.text() == "Renvoyer les factures refusées"
    page.remedier()
    repos()
    assert poste.transmission.faits == ["renvoyer"]


def test_un_retour_illisible_se_relit(aller, poste, repos) -> None:
    poste.transmission.courriers = [CourrierVu(8, "", "quarantaine", "2026-11-22T09:00:00+00:00", "Fichier coupé.")]
    page = aller("teletransmission")
    choisir(page, page.a_traiter)
    assert page._remede.text() == "Relire le retour"
    page.remedier()
    repos()
    assert poste.transmission.faits == ["relire 8"]


def test_sans_fiche_rien_ne_se_relance(aller, poste) -> None:
    page = aller("teletransmission")
    page.remedier()
    assert "Choisissez dans « À traiter »" in page.bandeau.phrase
    assert poste.transmission.faits == []


def test_un_essai_a_blanc_ne_fait_rien_et_dit_tout(aller, poste, repos) -> None:
    page = aller("teletransmission")
    page.essayer()
    repos()
    assert poste.transmission.faits == []
    assert page.pile.currentWidget() is page.retour
    recu = page.retour.recu.toPlainText().split("  ·  ")
    assert recu == ["01 721 001", "3 factures", "1\u202f234,56 €"]
    assert page.retour.lu.modele.rangees[0].phrase == "Certificat absent. [CERTIFICAT_ABSENT]"


@pytest.mark.parametrize("bilan, phrase, genre", [
    (SimpleNamespace(remis=2, refuses=0, reportes=0), "2 messages remis au serveur.", "succes"),
    (SimpleNamespace(remis=0, refuses=1, reportes=2), "0 message remis au serveur, 2 reportés, 1 refusé."
     " Le motif est écrit sur chaque lot.", "avertissement"),
])
def test_un_envoi_se_resume(bilan, phrase: str, genre: str) -> None:
    avis = bilans.envoyes(bilan)
    assert (avis.phrase, avis.genre) == (phrase, genre)


def test_une_preparation_dit_la_facture_laissee() -> None:
    refus = [SimpleNamespace(facture="000000009", code="C", message="Certificat absent.")] * 3
    avis = bilans.prepares(SimpleNamespace(lots=[], refus=refus))
    assert avis.phrase == "Facture 000000009 laissée de côté : Certificat absent. (et 2 autres)"
    assert bilans.prepares(SimpleNamespace(lots=[1, 2], refus=[])).phrase == "2 lots prêts à envoyer."


def test_une_boite_vide_se_dit() -> None:
    assert bilans.releves(SimpleNamespace(recus=0)).phrase == "Aucun nouveau retour dans la boîte."
    assert bilans.relance(False).genre == "information"


def test_un_retour_illisible_se_classe_apres_confirmation(aller, poste, repos, dialogue) -> None:
    poste.transmission.courriers = [CourrierVu(5, "", "quarantaine", "2026-11-22T09:00:00+00:00", "Fichier vide.")]
    page = aller("teletransmission")
    assert not page._classer.isEnabled()
    choisir(page, page.a_traiter)
    page.classer()
    confirmation = dialogue(Confirmation)
    assert poste.transmission.faits == []
    confirmation.champ.setText("publicité")
    confirmation.faire.click()
    repos()
    assert poste.transmission.faits == ["classer 5 publicité"]
    assert page.bandeau.phrase == "Fait : Retour classé : il n'attend plus personne."
    assert page.a_traiter.liste.count() == 0
