"""The frame: pages, strip, counts, palette, demonstration cards, closing."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sesam_desktop.cartes.atr import GenreCarte
from sesam_desktop.ihm.atelier import Atelier
from sesam_desktop.ihm.commandes_palette import fixes
from sesam_desktop.ihm.etat_poste import Presence, compter
from sesam_desktop.ihm.fenetre import Fenetre
from sesam_desktop.ihm.lancement import agrandir, reglages_de, taille_de_base
from sesam_desktop.ihm.liaison import CartesLues, Liaison, lire_cartes
from sesam_desktop.ihm.pages.page import A_TORT_DEMANDE
from sesam_desktop.ihm.palette import Commande, Palette, trier
from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.noyau.erreurs import ErreurConnue

from .faux_poste import carte_vitale, fente


def test_le_cadre_se_peint_sans_le_poste(qtbot, qapp, profil) -> None:
    atelier = Atelier(reglages_de(profil))
    fenetre = Fenetre(atelier)
    qtbot.addWidget(fenetre)
    with qtbot.waitSignal(fenetre.peinte):
        fenetre.show()
    for cle in ("facturer", "factures", "teletransmission", "pieces", "referentiels", "parametres"):
        fenetre.aller(cle)
    atelier.fermer()


def test_le_bandeau_dit_les_cartes_et_la_liste(fenetre, poste, repos) -> None:
    poste.nombres = {"lots_a_envoyer": 2, "pieces_a_numeriser": 5, "factures_a_corriger": 1}
    poste.changements.annoncer("lots")
    repos()
    assert fenetre.bande.cps.accessibleName() == "fait : CPS Dr MARTIN Claire · pharmacien"
    assert fenetre.bande.vitale.accessibleName() == "à faire : Vitale à insérer"
    assert "LOE 18/11" in fenetre.bande.loe.accessibleName()
    assert fenetre.touches.attente.accessibleName() == "à faire : 2 lots à envoyer"
    poste.lecteurs.inserer(carte_vitale())
    poste.lecteurs.ps = None
    poste.changements.annoncer("cartes")
    repos()
    assert fenetre.bande.vitale.accessibleName() == "fait : Vitale DURAND Paul"
    assert fenetre.bande.cps.accessibleName() == "à faire : CPS à insérer"


def test_alt_chiffre_change_de_page(fenetre, repos) -> None:
    QTest.keyClick(fenetre, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert fenetre.page.cle == "factures"
    assert fenetre.bande.titre.text() == "Factures"


def test_une_carte_qui_arrive_est_lue(poste) -> None:
    lues = []
    poste.lecteurs.branchees = [fente("Lecteur 0", Etat.PRESENTE, GenreCarte.VITALE2)]
    poste.lecteurs.lire_vitale = lambda: lues.append(1)
    assert lire_cartes(poste) == CartesLues(Presence(vitale=1))
    assert lues == [1]
    poste.lecteurs.vitale = carte_vitale()
    lire_cartes(poste)
    assert lues == [1]


def test_une_carte_illisible_n_empeche_pas_de_lire_l_autre(poste) -> None:
    def refuser():
        raise ErreurConnue("Plusieurs cartes CPS sont insérées.", code="PLUSIEURS_CPS")

    poste.lecteurs.ps = None
    poste.lecteurs.lire_ps = refuser
    poste.lecteurs.branchees = [
        fente("Lecteur 0", Etat.PRESENTE, GenreCarte.CPS3), fente("Lecteur 1", Etat.PRESENTE, GenreCarte.CPS4),
        fente("Lecteur 2", Etat.OCCUPEE, GenreCarte.VITALE2),
    ]
    lues = lire_cartes(poste)
    assert lues.presence == Presence(cps=2, vitale=1)
    assert lues.erreur is not None and lues.erreur.code == "PLUSIEURS_CPS"
    assert poste.lecteurs.vitale is not None


def test_une_carte_illisible_se_dit_et_se_relit(fenetre, poste, repos) -> None:
    def echouer():
        raise ErreurConnue("La carte est muette.", code="CARTE_MUETTE", action="Retournez-la.")

    poste.lecteurs.fentes = echouer
    poste.changements.annoncer("cartes")
    repos()
    assert "Retournez-la." in fenetre.bandeau.phrase
    poste.lecteurs.fentes = lambda: []
    fenetre.bandeau._agir()
    repos()
    assert fenetre.bandeau.phrase == ""


def test_un_canal_muet_ne_fait_pas_croire_a_une_carte_a_inserer() -> None:
    muet = fente("", Etat.ABSENTE)
    assert compter([muet, fente("COM3", canal="serie")]).panne == "Les lecteurs de cartes ne répondent pas."
    assert compter([muet, fente("COM3", Etat.PRESENTE, GenreCarte.CPS3, canal="serie")]) == Presence(cps=1)


def test_la_plainte_se_tait_quand_la_carte_se_lit_enfin(fenetre, poste, repos) -> None:
    poste.lecteurs.panne = ErreurConnue("Le service est arrêté.", code="SERVICE_CARTES_ARRETE")
    poste.changements.annoncer("cartes")
    repos()
    assert "arrêté" in fenetre.bandeau.phrase
    poste.lecteurs.panne = None
    poste.changements.annoncer("cartes")
    repos()
    assert fenetre.bandeau.phrase == ""
    fenetre.bandeau.dire("Autre chose.")
    poste.changements.annoncer("cartes")
    repos()
    assert fenetre.bandeau.phrase == "Information : Autre chose."


def test_un_poste_qui_ne_s_ouvre_pas_se_dit_et_se_retente(qtbot, atelier, poste, repos, monkeypatch) -> None:
    fenetre = Fenetre(atelier)
    qtbot.addWidget(fenetre)
    fenetre.show()
    essais = []

    def ouvrir(profil, demonstration, scenario):
        essais.append(1)
        if len(essais) == 1:
            raise ErreurConnue("Le disque est plein.", code="DISQUE_PLEIN")
        return poste

    monkeypatch.setattr("sesam_desktop.ihm.liaison._ouvrir", ouvrir)
    Liaison(fenetre).ouvrir(None, True)
    repos()
    assert "disque est plein" in fenetre.bandeau.phrase
    fenetre.bandeau._agir()
    repos()
    assert atelier.ouvert


def test_la_palette_atteint_tout(fenetre, poste, repos, dialogue, qtbot) -> None:
    from sesam_desktop.factures.cycle import Etat

    poste.registre.remplir(poste.facturation, [Etat.PAYEE] * 4)
    fenetre.chercher()
    palette = dialogue(Palette)
    textes = [palette.liste.item(i).text() for i in range(palette.liste.count())]
    for attendu in ("Télétransmission   ·   Page", "Messagerie", "Rechercher   ·   Action", "Insérer la Vitale"):
        assert any(attendu in t for t in textes), attendu
    QTest.keyClicks(palette.champ, "lucie")
    qtbot.waitUntil(lambda: palette.liste.count() > 0 and "Patient" in palette.liste.item(0).text())
    QTest.keyClick(palette.champ, Qt.Key.Key_Down)
    assert "Facture" in palette.liste.currentItem().text()
    QTest.keyClick(palette.champ, Qt.Key.Key_Return)
    repos()
    assert fenetre.page.cle == "factures"


def test_la_palette_mene_a_chaque_vue(fenetre, repos) -> None:
    for commande in (c for c in fixes(fenetre) if c.genre == "Vue"):
        commande.faire()
        repos()
        assert fenetre.page.cle == commande.icone
    fenetre.aller("factures", A_TORT_DEMANDE)
    repos()
    assert fenetre.page.pile.currentWidget() is fenetre.page.rejets


def test_la_palette_mene_a_un_reglage(fenetre, dialogue, repos) -> None:
    fenetre.chercher()
    palette = dialogue(Palette)
    QTest.keyClicks(palette.champ, "messagerie")
    QTest.keyClick(palette.champ, Qt.Key.Key_Return)
    repos()
    assert fenetre.page.cle == "parametres"
    assert fenetre.focusWidget() is fenetre.page.champs["courrier.adresse"]


def test_la_palette_ignore_accents_et_casse() -> None:
    commandes = [Commande("Page", "Paramètres", print), Commande("Page", "Télétransmission", print)]
    assert [c.texte for c in trier(commandes, "tele")] == ["Télétransmission"]
    assert [c.texte for c in trier(commandes, "PARAMETRES page")] == ["Paramètres"]


def test_les_cartes_de_demonstration_s_inserent(fenetre, poste, repos) -> None:
    action = next(a for a in fenetre.actions() if a.text() == "Insérer la Vitale de DURAND PAUL")
    action.trigger()
    repos()
    assert poste.lecteurs.vitale is not None


def test_le_comportement_des_caisses_se_choisit(fenetre, poste, repos) -> None:
    repos()
    choix = {a.text(): a for a in fenetre.actions() if a.text().startswith("Caisses : ")}
    assert [texte for texte, action in choix.items() if action.isChecked()] == ["Caisses : Tout se passe bien"]
    choix["Caisses : Les caisses ne répondent plus"].trigger()
    repos()
    assert poste.environnement.scenario == "silence"
    assert not choix["Caisses : Tout se passe bien"].isChecked()


def test_le_texte_s_agrandit_et_s_en_souvient(qapp, atelier) -> None:
    avant = qapp.font().pointSizeF()
    agrandir(qapp, atelier.reglages, 2)
    assert qapp.font().pointSizeF() == avant + 2
    agrandir(qapp, atelier.reglages, -2)
    assert qapp.font().pointSizeF() == avant


def test_fermer_rend_le_poste(fenetre, atelier, poste, repos) -> None:
    repos()
    fenetre.close()
    atelier.fermer()
    assert poste.ferme
    assert atelier.reglages.value("fenetre/geometrie") is not None


def test_l_accueil_dit_ce_qu_il_y_a_a_faire(fenetre, poste, repos) -> None:
    from sesam_desktop.ihm.composants.ligne_a_faire import LigneAFaire

    poste.nombres = {"lots_a_envoyer": 1, "factures_a_corriger": 3}
    poste.changements.annoncer("lots")
    repos()
    lignes = [ligne for ligne in fenetre.page.findChildren(LigneAFaire) if ligne.isVisible()]
    assert [ligne.accessibleName() for ligne in lignes] == [
        "3 factures revenues à corriger, à corriger : Reprendre", "1 lot prêt à envoyer, à faire : Envoyer"
    ]
    lignes[0].click()
    assert fenetre.page.cle == "factures"
    assert set(fenetre.page.filtre().etats) == {"rejetee", "refusee", "anomalie"}
    fenetre.aller("accueil")
    repos()
    next(ligne for ligne in fenetre.page.findChildren(LigneAFaire) if "lot" in ligne.accessibleName()).click()
    assert fenetre.page.cle == "teletransmission"


def test_l_accueil_mene_aux_delais_aux_boites_et_aux_virements(fenetre, poste, repos) -> None:
    from sesam_desktop.ihm.composants.ligne_a_faire import LigneAFaire

    poste.nombres = {"courriers_revenus": 1, "echeances_proches": 2, "boites_suspendues": 1, "virements_en_ecart": 1}
    poste.changements.annoncer("paiements")
    repos()
    attendues = [("1 courrier revenu non remis", "teletransmission"),
                 ("2 factures à transmettre sans tarder", "teletransmission"),
                 ("1 boîte d'envoi suspendue", "teletransmission"),
                 ("1 virement reçu d'un autre montant", "paiements")]
    for debut, page in attendues:
        ligne = next(li for li in fenetre.page.findChildren(LigneAFaire)
                     if li.isVisible() and li.accessibleName().startswith(debut))
        ligne.click()
        repos()
        assert fenetre.page.cle == page
        fenetre.aller("accueil")
        repos()
    assert fenetre.navigation._comptes["paiements"].text() == "1"


def test_fermer_pendant_un_travail_l_interrompt_et_rend_le_poste(fenetre, atelier, poste, repos, qtbot) -> None:
    commence, fini = threading.Event(), threading.Event()

    def travail(tache) -> None:
        commence.set()
        while not tache.annulee():
            time.sleep(0.01)
        fini.set()

    repos()
    atelier.taches.lancer("messagerie", travail, proprietaire=fenetre.page)
    qtbot.waitUntil(commence.is_set)
    fenetre.close()
    atelier.fermer()
    assert fini.is_set()
    assert poste.ferme


def test_un_poste_qui_ne_s_ouvre_pas_se_dit_et_se_reessaie(qtbot, atelier, poste, monkeypatch) -> None:
    reponses = [ErreurConnue("La base est verrouillée.", code="BASE_OCCUPEE", action="Fermez l'autre fenêtre."), poste]

    def ouvrir(_profil, _demonstration, _scenario):
        reponse = reponses.pop(0)
        if isinstance(reponse, ErreurConnue):
            raise reponse
        return reponse

    monkeypatch.setattr("sesam_desktop.ihm.liaison._ouvrir", ouvrir)
    fenetre = Fenetre(atelier)
    qtbot.addWidget(fenetre)
    fenetre.show()
    Liaison(fenetre).ouvrir(None, False)
    qtbot.waitUntil(lambda: "La base est verrouillée." in fenetre.bandeau.phrase)
    assert not atelier.ouvert
    fenetre.bandeau._agir()
    qtbot.waitUntil(lambda: atelier.ouvert)


def test_un_accueil_illisible_se_dit(fenetre, poste, repos) -> None:
    def refuser() -> dict[str, int]:
        raise ErreurConnue("La base est verrouillée.", code="BASE_OCCUPEE")

    poste.compteurs = refuser
    poste.changements.annoncer("lots")
    repos()
    assert "La base est verrouillée." in fenetre.page.bandeau.phrase


def test_le_texte_grandit_avec_l_ecran_et_a_la_demande(qapp, atelier, fenetre) -> None:
    from PySide6.QtCore import QRect

    avant = qapp.font().pointSizeF()
    petit, grand = (SimpleNamespace(geometry=lambda h=h: QRect(0, 0, 1920, h)) for h in (540, 1080))
    tailles = [taille_de_base(SimpleNamespace(primaryScreen=lambda e=e: e)) for e in (petit, grand)]
    assert tailles == [10.5, 12.6]
    hauteur = fenetre.bande.titre.fontMetrics().height()
    fenetre._agrandir(4)
    grandi = fenetre.bande.titre.fontMetrics().height()
    fenetre._agrandir(-4)
    assert grandi > hauteur == fenetre.bande.titre.fontMetrics().height()
    assert qapp.font().pointSizeF() == avant
