"""Télétransmission: the three columns, the key that does the next right thing, the remedies, one return opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from sesam_desktop.ihm.composants.colonne_fiches import ColonneFiches
from sesam_desktop.ihm.composants.confirmation import Confirmation
from sesam_desktop.ihm.courrier.automate import EnvoiAutomatique
from sesam_desktop.ihm.modeles import bilans
from sesam_desktop.ihm.modeles.teletransmission import Fiche
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.bilan import BilanEnvoi, BilanRetours, Panne
from sesam_desktop.teletransmission.delais import Echeance, Situation
from sesam_desktop.teletransmission.depot_retours import CourrierVu

from .faux_courrier import INSTANT, REFUSE, REPORTE
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
    attendu = "Lot 002  ·  CPAM Sarthe  ·  01\u00a0721\u00a0001\n3 factures  ·  1"
    assert page.colonnes.a_traiter.liste.item(0).text().startswith(attendu)


def test_un_retour_s_ouvre_recu_et_lu(aller, poste, repos) -> None:
    poste.transmission.a_traiter = [fiche(7, "Lot refusé par la caisse.")]
    page = aller("teletransmission")
    page.colonnes.a_traiter.liste.itemActivated.emit(page.colonnes.a_traiter.liste.item(0))
    repos()
    assert page.pile.currentWidget() is page.retour
    assert page.retour.recu.toPlainText().splitlines()[2] == "08003260303007@"
    page.retour.entites.aller(2)
    [surligne] = page.retour.recu.extraSelections()
    assert surligne.cursor.blockNumber() == 2
    assert page.retour.entites.texte("|").splitlines()[3] == "080|Lot 007 du 03/03/2026.|"
    assert page.retour.lu.modele.rangees[0].phrase == "Lot refusé : Total faux [C12]"
    page.revenir()
    assert page.pile.currentIndex() == 0


def test_une_facture_du_retour_s_ouvre_par_entree(aller, fenetre, poste, repos) -> None:
    poste.transmission.a_traiter = [fiche(7, "Lot refusé par la caisse.")]
    page = aller("teletransmission")
    page.ouvrir(page.colonnes.a_traiter.liste.item(0).data(256))
    repos()
    page.retour.entites.aller(3)
    page.retour.entites.ouverte.emit(page.retour.entites.courante)
    repos()
    assert fenetre.page.cle == "factures"
    assert fenetre.page.recherche.text() == "000000123"


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
    choisir(page, page.colonnes.a_traiter)
    assert page._remede.text() == "Relancer l'envoi"
    page.remedier()
    repos()
    assert poste.transmission.faits == ["relancer 4@demo.invalid"]
    assert "partira au prochain envoi" in page.bandeau.phrase


def test_les_factures_d_un_lot_refuse_se_renvoient(aller, poste, repos) -> None:
    poste.transmission.a_traiter = [replace(fiche(4, "Lot refusé par la caisse."), refuse=True)]
    page = aller("teletransmission")
    choisir(page, page.colonnes.a_traiter)
    assert page._remede.text() == "Renvoyer le lot refusé"
    page.remedier()
    repos()
    assert poste.recyclage.faits == [("renvoyer", 4)]


def test_un_retour_illisible_se_relit(aller, poste, repos) -> None:
    poste.transmission.courriers = [CourrierVu(8, "", "quarantaine", "2026-11-22T09:00:00+00:00", "Fichier coupé.")]
    page = aller("teletransmission")
    choisir(page, page.colonnes.a_traiter)
    assert page._remede.text() == "Relire le retour"
    page.remedier()
    repos()
    assert poste.transmission.faits == ["relire 8"]


def test_sans_fiche_rien_ne_se_relance(aller, poste) -> None:
    page = aller("teletransmission")
    page.remedier()
    assert "Choisissez dans « À traiter »" in page.bandeau.phrase
    assert poste.transmission.faits == []


def test_un_essai_a_blanc_ne_fait_rien_et_dit_tout(aller, fenetre, poste, repos) -> None:
    page = aller("teletransmission")
    page.essayer()
    repos()
    assert poste.transmission.faits == []
    assert page.pile.currentWidget() is page.essai
    assert page.essai.resume.phrase == (
        "Attention : Essai à blanc, rien n'est écrit : 1 lot serait fait, 1\u202f234,56\u00a0€ ;"
        " 1 facture laissée de côté."
    )
    lot = page.essai.lots.modele.rangees[0]
    assert [c.texte(lot) for c in page.essai.lots.modele.colonnes[:4]] == [
        "à corriger", "accepté avec avertissement", "01 721 001", "3 factures"
    ]
    assert page.essai.refus.texte("|").splitlines()[1].split("|")[:2] == ["000000009", "Certificat absent."]
    assert [ligne.split("|")[::2] for ligne in page.essai.savoir.texte("|").splitlines()[1:]] == [
        ["bloqué", "Délai de transmission dépassé depuis le 20/11/2026 : à envoyer sans attendre."],
        ["à corriger", "À transmettre au plus tard le 25/11/2026 (2 jours ouvrés)."],
        ["à corriger", "Le certificat de 01721@demo.invalid expire le 02/12/2026, dans 10 jours."],
        ["à faire", "1 lot à signer avec la carte de MARTIN CLAIRE."],
    ]
    page.essai.refus.ouverte.emit(page.essai.refus.courante)
    repos()
    assert fenetre.page.cle == "factures"


@pytest.mark.parametrize("bilan, phrase, genre", [
    (BilanEnvoi(remis=2), "2 messages remis au serveur.", "succes"),
    (BilanEnvoi(refuses=1, reportes=2), "0 message remis au serveur, 2 reportés, 1 refusé."
     " Le motif est écrit sur chaque lot.", "avertissement"),
    (BilanEnvoi(remis=1, pannes=[Panne("OCT", "INJOIGNABLE", "Le serveur ne répond pas.")], suspendues=["SCOR"]),
     "1 message remis au serveur. Le serveur ne répond pas. Courrier en attente, envoi suspendu : SCOR.",
     "avertissement"),
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
    assert bilans.releves(BilanRetours()).phrase == "Aucun nouveau retour dans la boîte."
    assert bilans.releves(BilanRetours(arl_positifs=1)).phrase == "Retour relu : 1 lot accepté."
    mal = bilans.releves(BilanRetours(laisses=1, pannes=[Panne("OCT", "X", "Le serveur ne répond pas.")]))
    assert (mal.genre, mal.phrase) == (
        "avertissement", "Aucun nouveau retour dans la boîte. Le serveur ne répond pas."
        " 1 message est resté sur le serveur : illisible, ou trop gros pour un retour.",
    )
    assert bilans.relance(False).genre == "information"


def test_un_retour_illisible_se_classe_apres_confirmation(aller, poste, repos, dialogue) -> None:
    poste.transmission.courriers = [CourrierVu(5, "", "quarantaine", "2026-11-22T09:00:00+00:00", "Fichier vide.")]
    page = aller("teletransmission")
    assert not page._classer.isEnabled()
    choisir(page, page.colonnes.a_traiter)
    page.classer()
    confirmation = dialogue(Confirmation)
    assert poste.transmission.faits == []
    confirmation.champ.setText("publicité")
    confirmation.faire.click()
    repos()
    assert poste.transmission.faits == ["classer 5 publicité"]
    assert page.bandeau.phrase == "Fait : Retour classé : il n'attend plus personne."
    assert page.colonnes.a_traiter.liste.count() == 0


# -- outbox -----------------------------------------------------------------------------------------------------------


def test_la_corbeille_montre_chaque_message_et_ses_essais(aller, fenetre, poste, repos) -> None:
    poste.corbeille.contenu, poste.corbeille.dus = [REFUSE, REPORTE], 1
    page = aller("teletransmission")
    fenetre.aller("teletransmission", "corbeille")
    repos()
    vue = page.corbeille
    assert vue.boites.lignes["RSV"].accessibleName() == (
        "fait : Caisses (RSV) : 1 message à partir, envoi automatique à toute heure"
    )
    assert not vue.boites.lignes["SCOR"].isVisible()
    assert [ligne.split("|")[:4] for ligne in vue.messages.texte("|").splitlines()[1:]] == [
        ["bloqué", "en quarantaine", "OCT", "lot 002 0099999997 (1 demande)"],
        ["en cours", "sera réessayé", "RSV", "lot 001 01 721 001 (3 factures)"],
    ]
    vue.messages.aller(1)
    repos()
    [essai] = vue.essais.texte("|").splitlines()[1:]
    assert essai.split("|")[1:] == [
        "en cours", "reporté",
        "Le serveur fait attendre les nouveaux expéditeurs : le message repart seul, sans rien faire.",
        "451 4.7.1 Greylisting in action", "1,2 s",
    ]
    vue.filtre.setCurrentIndex(2)
    vue.rafraichir()
    repos()
    assert [m.message_id for m in vue.messages.modele.rangees] == ["2@demo.invalid"]


def test_un_message_en_quarantaine_se_relance_de_la_corbeille(aller, fenetre, poste, repos) -> None:
    poste.corbeille.contenu = [REPORTE, REFUSE]
    page = aller("teletransmission")
    fenetre.aller("teletransmission", "corbeille")
    repos()
    assert not page._remede.isEnabled()
    page.corbeille.messages.aller(1)
    repos()
    assert page._remede.text() == "Relancer l'envoi"
    page.remedier()
    repos()
    assert poste.transmission.faits == ["relancer 2@demo.invalid"]


def test_une_boite_se_suspend_avec_son_motif_et_se_reprend(aller, fenetre, poste, repos, dialogue) -> None:
    page = aller("teletransmission")
    fenetre.aller("teletransmission", "corbeille")
    repos()
    bouton = page.corbeille.boites.boutons["RSV"]
    bouton.click()
    confirmation = dialogue(Confirmation)
    assert not confirmation.faire.isEnabled()
    confirmation.champ.setText("panne annoncée")
    confirmation.faire.click()
    repos()
    assert poste.corbeille.suspensions["RSV"].motif == "panne annoncée"
    assert "suspendue depuis le 22/11/2026" in page.corbeille.boites.lignes["RSV"].accessibleName()
    assert bouton.text() == "Reprendre l'envoi aux c&aisses"
    bouton.click()
    repos()
    assert poste.corbeille.suspensions == {}


def test_un_avis_de_serveur_se_voit_et_s_ouvre(aller, fenetre, poste, repos) -> None:
    poste.corbeille.recus = [CourrierVu(9, "SERVICE", "lu", INSTANT, "Message non distribué à x@y : boîte inconnue")]
    page = aller("teletransmission")
    fenetre.aller("teletransmission", "corbeille")
    repos()
    assert page.corbeille.avis.texte("|").splitlines()[1].split("|")[1] == "bloqué"
    assert page.corbeille.details.currentWidget() is not page.corbeille.avis
    fenetre.aller("accueil")
    fenetre.aller("teletransmission", "avis")
    repos()
    assert page.onglets.currentWidget() is page.corbeille
    assert page.corbeille.details.currentWidget() is page.corbeille.avis
    page.corbeille.avis.ouverte.emit(poste.corbeille.recus[0])
    repos()
    assert page.pile.currentWidget() is page.retour


def test_une_corbeille_vide_dit_a_quoi_elle_sert(aller, fenetre, repos) -> None:
    page = aller("teletransmission")
    fenetre.aller("teletransmission", "corbeille")
    repos()
    assert page.corbeille.pile.currentIndex() == 1


def test_l_envoi_automatique_part_sans_etre_demande_et_se_dit(atelier, fenetre, poste, repos) -> None:
    automate = EnvoiAutomatique(atelier, fenetre)
    automate.envoyer()
    repos()
    assert fenetre.bandeau.phrase == ""
    poste.corbeille.dus, poste.corbeille.bilan = 2, BilanEnvoi(remis=2)
    automate.envoyer()
    repos()
    assert fenetre.bandeau.phrase == "Fait : Envoi automatique : 2 messages remis au serveur."


def test_un_envoi_automatique_refuse_ne_se_dit_qu_une_fois(atelier, fenetre, poste, repos) -> None:
    def refuser(_annule: object) -> None:
        raise ErreurConnue("Le serveur ne répond pas.", code="SERVEUR_INJOIGNABLE")

    poste.corbeille.dus, poste.corbeille.envoyer_planifie = 1, refuser
    automate = EnvoiAutomatique(atelier, fenetre)
    automate.envoyer()
    repos()
    assert "ne répond pas" in fenetre.bandeau.phrase
    fenetre.bandeau.taire()
    automate.envoyer()
    repos()
    assert fenetre.bandeau.phrase == ""


def test_une_fiche_dit_son_echeance_et_son_controle(aller, poste) -> None:
    echeance = Echeance("000000003", date(2026, 11, 9), True, date(2026, 11, 20), -1, Situation.DEPASSE)
    poste.transmission.a_envoyer = [replace(fiche(1), echeance=echeance, verdict="avertissement"),
                                    replace(fiche(2), genre="DRE", fonds="0099999997")]
    page = aller("teletransmission")
    assert page.colonnes.a_envoyer.liste.item(0).text().splitlines()[1:] == [
        "3 factures  ·  1\u202f234,56\u00a0€  ·  il y a 3 h", "Contrôle : accepté avec avertissement",
        "Délai de transmission dépassé depuis le 20/11/2026 : à envoyer sans attendre.",
    ]
    suivante = page.colonnes.a_envoyer.liste.item(1).text()
    assert suivante.startswith("Lot 002  ·  complémentaire  ·  0099999997\n3 demandes")


def test_une_fiche_montre_tout_son_texte_dans_une_colonne_etroite(qtbot) -> None:
    colonne = ColonneFiches("À &traiter", "Rien.")
    qtbot.addWidget(colonne)
    fiches = [Fiche(f"Lot {n}", "Message non distribué à 01721@721.01.demonstration.invalid.\nVérifiez l'adresse.",
                    "bloqué") for n in range(12)]
    colonne.resize(260, 300)
    colonne.show()
    colonne.montrer(fiches)
    qtbot.waitUntil(colonne.liste.verticalScrollBar().isVisible)
    carte = colonne.liste.visualItemRect(colonne.liste.item(0))
    assert carte.height() >= 4 * colonne.fontMetrics().height()     # title, message on two lines at least, advice
    assert not colonne.liste.horizontalScrollBar().isVisible()
