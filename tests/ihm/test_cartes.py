"""The strip: what is said of each card; the situation asked once, chosen by one key, waited for by Facturer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sesam_desktop.ihm.composants.choix_situation import ChoixSituation
from sesam_desktop.ihm.composants.code_porteur import CodePorteur
from sesam_desktop.ihm.etat_poste import Presence, compter, relever
from sesam_desktop.ihm.modeles import cartes
from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.noyau.erreurs import ErreurConnue

from .faux_poste import carte_duo, carte_ps, carte_vitale, fente, situation

HALLES = "PHARMACIE DES HALLES ET DU CENTRE COMMERCIAL DE LA PLAINE"
TROIS = (situation(1), situation(2, HALLES), situation(3, remplacant="10005000008"))


@pytest.fixture
def etat(poste):
    """One look, with the values given put in."""
    return lambda **valeurs: replace(relever(poste, Presence()), **valeurs)


# -- words -------------------------------------------------------------------------------------------------------------


def test_la_carte_professionnelle_se_dit(etat) -> None:
    assert cartes.etat_cps(etat()) == ("fait", "CPS Dr MARTIN Claire · pharmacien")
    assert cartes.etat_cps(etat(ps=None)) == ("à faire", "CPS à insérer")
    assert cartes.etat_cps(etat(session_ouverte=False))[1].endswith("code à saisir")
    assert cartes.etat_cps(etat(presence=Presence(cps=2))) == ("à corriger", "2 CPS : n'en laissez qu'une")
    assert cartes.etat_cps(etat(presence=Presence(panne="Arrêté."))) == ("bloqué", "Lecteurs arrêtés")
    remplacante = situation(remplacant="10005000008")
    assert cartes.etat_cps(etat(situations=(remplacante,), situation=remplacante))[1].endswith(
        " · pharmacien · remplace le n° 72200001"
    )


def test_la_vitale_se_dit(etat) -> None:
    carte = carte_vitale()
    hier = etat().jour - timedelta(days=1)
    assert cartes.etat_vitale(etat(vitale=carte)) == ("fait", "Vitale DURAND Paul")
    assert cartes.etat_vitale(etat(vitale=replace(carte, fin_validite=etat().jour))) == ("fait", "Vitale DURAND Paul")
    assert cartes.etat_vitale(etat(vitale=replace(carte, fin_validite=hier))) == (
        "à corriger", f"Vitale DURAND Paul · carte expirée le {hier:%d/%m/%Y}"
    )
    assert cartes.etat_vitale(etat(presence=Presence(vitale=3))) == ("à corriger", "3 Vitale : n'en laissez qu'une")
    assert cartes.etat_vitale(etat(vitale=replace(carte, beneficiaires=())))[1] == "Vitale Carte sans bénéficiaire"
    assert cartes.etat_vitale(etat(presence=Presence(muettes=1))) == ("à corriger", "Carte muette : vérifiez son sens")
    assert cartes.etat_vitale(etat(presence=Presence(inconnues=1))) == ("à corriger", "Carte non reconnue")
    assert cartes.etat_vitale(etat(vitale=carte, presence=Presence(vitale=1, muettes=1)))[0] == "fait"


def test_les_cartes_d_aucun_genre_se_comptent() -> None:
    fentes = [fente("A 0", Etat.MUETTE), fente("B 0", Etat.INCONNUE, atr="3B 00"), fente("C 0")]
    assert compter(fentes) == Presence(muettes=1, inconnues=1)


def test_une_carte_de_test_a_cote_d_une_reelle_se_dit(poste) -> None:
    poste.lecteurs.ps = replace(carte_ps(), type_carte="80")
    poste.lecteurs.vitale = carte_vitale()
    lu = relever(poste, Presence())
    assert cartes.etat_vitale(lu) == ("bloqué", "Vitale DURAND Paul · carte de test et carte réelle mélangées")
    poste.lecteurs.vitale = replace(carte_vitale(), type="T")
    assert cartes.etat_vitale(relever(poste, Presence()))[0] == "fait"


def test_la_complementaire_se_dit_quand_elle_est_la(etat) -> None:
    assert cartes.etat_duo(etat()) is None
    assert cartes.etat_duo(etat(presence=Presence(duo=1))) == ("à faire", "Carte complémentaire non lue")
    assert cartes.etat_duo(etat(duo=carte_duo())) == ("fait", "AMC 12345678")
    assert cartes.etat_duo(etat(duo=carte_duo(date(2026, 1, 31)))) == ("à corriger", "AMC 12345678 · carte périmée")


@pytest.mark.parametrize("age, mot", [(0, "fait"), (7, "fait"), (8, "à corriger")])
def test_l_age_de_la_liste_est_celui_du_diagnostic(poste, monkeypatch, age: int, mot: str) -> None:
    from types import SimpleNamespace

    monkeypatch.setattr("sesam_desktop.poste.diagnostic.seuils", lambda: {"age_oppositions_jours": 7})
    jour = date.today() - timedelta(days=age)  # noqa: DTZ011
    poste.droits.oppositions = SimpleNamespace(version=lambda: SimpleNamespace(date=jour.isoformat()))
    assert cartes.etat_loe(relever(poste, Presence())) == (mot, f"LOE {jour:%d/%m}")


def test_le_bandeau_montre_trois_cartes_sans_deborder(fenetre, poste, repos) -> None:
    poste.lecteurs.ps = carte_ps(*TROIS)
    poste.lecteurs.choisir_situation(2)
    poste.lecteurs.duo = carte_duo()
    poste.lecteurs.inserer(carte_vitale())
    repos()
    fenetre.resize(960, 540)
    repos()
    assert fenetre.width() == 960
    assert fenetre.bande.duo.isVisible() and fenetre.bande.situation.isVisible()
    assert fenetre.bande.situation.text().endswith("…")
    assert fenetre.bande.situation.toolTip() == HALLES
    assert fenetre.bande.loe._texte.text() == "LOE 18/11"
    assert fenetre.bande.vitale._texte.text() == "Vitale DURAND Paul"
    assert fenetre.bande.cps.accessibleName() == "fait : CPS Dr MARTIN Claire"
    fenetre.resize(1900, 1000)
    repos()
    assert fenetre.bande.cps.accessibleName() == "fait : CPS Dr MARTIN Claire · pharmacien"


# -- situations --------------------------------------------------------------------------------------------------------


def ouverts() -> list[ChoixSituation]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, ChoixSituation) and w.isVisible()]


@pytest.fixture
def plusieurs(poste, fenetre, repos, dialogue):
    """A card with three situations has just been opened: the question is on screen."""
    poste.lecteurs.ps = carte_ps(*TROIS)
    poste.changements.annoncer("cartes")
    return dialogue(ChoixSituation)


def test_la_situation_se_demande_une_fois_et_une_touche_repond(plusieurs, fenetre, poste, repos) -> None:
    assert plusieurs.liste.item(1).text().startswith(f"2   {HALLES}")
    QTest.keyClick(plusieurs.liste, Qt.Key.Key_3, Qt.KeyboardModifier.KeypadModifier)
    repos()
    repos()
    assert poste.lecteurs.situation is not None and poste.lecteurs.situation.rang == 3
    assert fenetre.bande.situation.accessibleName() == "Situation de facturation : remplace le n° 72200003"
    poste.changements.annoncer("cartes")
    repos()
    assert ouverts() == []


def test_un_scan_ne_choisit_pas_de_situation(plusieurs, poste, repos) -> None:
    QTest.keyClicks(plusieurs.liste, "3400930000014")
    QTest.keyClick(plusieurs.liste, Qt.Key.Key_Return)
    repos()
    repos()
    assert poste.lecteurs.situation is None
    assert plusieurs.isVisible()
    plusieurs.reject()


def test_la_question_laissee_ne_revient_pas_et_se_retrouve(plusieurs, fenetre, poste, repos, dialogue) -> None:
    plusieurs.reject()
    poste.changements.annoncer("cartes")
    repos()
    assert ouverts() == []
    assert fenetre.bande.cps.accessibleName() == "à faire : CPS Dr MARTIN Claire · situation à choisir"
    assert fenetre.bande.situation.text() == "Choisir la situation…"
    QTest.mouseClick(fenetre.bande.situation, Qt.MouseButton.LeftButton)
    choix = dialogue(ChoixSituation)
    QTest.keyClick(choix.liste, Qt.Key.Key_Down)
    QTest.keyClick(choix.liste, Qt.Key.Key_Return)
    repos()
    assert poste.lecteurs.situation.rang == 2
    action = next(a for a in fenetre.actions() if "situation" in a.text())
    assert action.isEnabled()
    action.trigger()
    choix = dialogue(ChoixSituation)
    assert choix.liste.currentRow() == 1
    choix.reject()


def test_la_meme_carte_revenue_se_redemande(plusieurs, poste, repos, dialogue) -> None:
    plusieurs.reject()
    carte = poste.lecteurs.ps
    poste.lecteurs.ps, poste.lecteurs.session_ouverte = None, False
    poste.changements.annoncer("cartes")
    repos()
    poste.lecteurs.ps, poste.lecteurs.session_ouverte = carte, True
    poste.changements.annoncer("cartes")
    dialogue(ChoixSituation).reject()


def test_une_autre_carte_se_redemande(plusieurs, poste, repos, dialogue) -> None:
    plusieurs.reject()
    poste.lecteurs.ps = replace(carte_ps(*TROIS[:2]), nom="LEROY", numero_serie="00000043")
    poste.changements.annoncer("cartes")
    assert dialogue(ChoixSituation).liste.count() == 2


def test_la_question_attend_la_fin_de_celle_du_code(fenetre, poste, repos, dialogue, atelier) -> None:
    poste.lecteurs.session_ouverte = False
    poste.lecteurs.ps = carte_ps(*TROIS)
    code = CodePorteur(atelier, fenetre)
    code.open()
    poste.lecteurs.session_ouverte = True
    poste.changements.annoncer("cartes")
    repos()
    assert ouverts() == []
    code.reject()
    dialogue(ChoixSituation).reject()


def test_une_situation_refusee_se_dit(plusieurs, poste, repos) -> None:
    def refuser(rang: int) -> None:
        raise ErreurConnue("La carte a été retirée.", code="SITUATION_INCONNUE")

    poste.lecteurs.choisir_situation = refuser
    QTest.keyClick(plusieurs.liste, Qt.Key.Key_1)
    repos()
    repos()
    assert "retirée" in plusieurs.bandeau.phrase
    assert plusieurs.isVisible()
    plusieurs.reject()


def test_une_seule_situation_ne_demande_rien(fenetre, poste, repos) -> None:
    poste.changements.annoncer("cartes")
    repos()
    assert ouverts() == []
    assert not fenetre.bande.situation.isVisible()
    assert not next(a for a in fenetre.actions() if "situation" in a.text()).isEnabled()
    fenetre.choisir_situation()
    assert ouverts() == []


def test_facturer_attend_la_situation(plusieurs, aller, poste, repos, dialogue) -> None:
    plusieurs.reject()

    def executant() -> None:
        raise ErreurConnue("Plusieurs situations sont possibles.", code="SITUATION_A_CHOISIR", action="Choisissez.")

    poste.facturation.executant = executant
    page = aller("facturer")
    poste.lecteurs.inserer(carte_vitale())
    repos()
    assert "Plusieurs situations sont possibles." in page.feuille.alertes.phrase
    page.feuille.alertes._agir()
    dialogue(ChoixSituation).reject()
    page.feuille._non_signee(ErreurConnue("Plusieurs situations.", code="SITUATION_A_CHOISIR"))
    page.feuille.bandeau._agir()
    dialogue(ChoixSituation).reject()


# -- the third card at the counter -------------------------------------------------------------------------------------


def test_une_complementaire_complete_les_droits_meme_apres_la_vitale(aller, poste, repos) -> None:
    page = aller("facturer")
    poste.lecteurs.inserer(carte_vitale("PAUL", "LEA"))
    repos()
    page.feuille.choix._prendre(poste.lecteurs.vitale, 1)
    repos()
    assert page.feuille.saisie.actuelle.lu.amc is None
    poste.environnement.inserer_duo("duo-assure")
    repos()
    lu = page.feuille.saisie.actuelle.lu
    assert (lu.patient.prenom, lu.amc.numero) == ("LEA", "12345678")


def test_une_complementaire_d_un_autre_est_laissee_et_dite(aller, poste, repos) -> None:
    page = aller("facturer")
    duo = carte_duo()
    poste.lecteurs.duo = replace(duo, personnes=(replace(duo.personnes[0], nom="AUTRE"),))
    poste.lecteurs.inserer(carte_vitale())
    repos()
    assert "ne couvre pas ce patient" in page.feuille.bandeau.phrase
    assert page.feuille.saisie.actuelle.patient is not None


# -- the demonstration's hands -----------------------------------------------------------------------------------------


def test_le_menu_de_demonstration_insere_et_casse(fenetre, poste, repos) -> None:
    actions = {action.text(): action for action in fenetre.actions()}
    actions["Insérer la carte complémentaire de DURAND PAUL"].trigger()
    repos()
    assert fenetre.bande.duo.accessibleName() == "fait : AMC 12345678"
    actions["Retirer la carte complémentaire"].trigger()
    repos()
    assert not fenetre.bande.duo.isVisible()
    actions["Enlever le terminal de son socle"].trigger()
    actions["Faire la tournée : la Vitale de chaque patient signe à son domicile"].trigger()
    repos()
    assert poste.environnement.tournees == ["enlever", "visiter"]
    actions["Arrêter le service des cartes"].trigger()
    repos()
    assert fenetre.bande.cps.accessibleName() == "bloqué : Lecteurs arrêtés"
    assert fenetre.bandeau.phrase.startswith("Erreur : Le service des cartes est arrêté.")
