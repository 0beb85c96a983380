"""The window over a real demonstration workstation: cards read, incidents played, everything said and put right."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sesam_desktop.ihm.atelier import Atelier
from sesam_desktop.ihm.composants.choix_situation import ChoixSituation
from sesam_desktop.ihm.fenetre import Fenetre
from sesam_desktop.ihm.liaison import Liaison
from sesam_desktop.poste import demonstration
from sesam_desktop.poste.poste import Poste


@pytest.fixture
def vrai(modele: Path, tmp_path: Path) -> Poste:
    """The atelier closes it."""
    shutil.copytree(modele, tmp_path / "poste")
    return demonstration.ouvrir(tmp_path / "poste")


@pytest.fixture
def ouverte(qtbot: QtBot, atelier: Atelier, vrai: Poste) -> Fenetre:
    fenetre = Fenetre(atelier)
    qtbot.addWidget(fenetre)
    fenetre.resize(1200, 800)
    fenetre.show()
    Liaison(fenetre).brancher(vrai)
    fenetre.aller("lecteurs")
    return fenetre


@pytest.fixture
def cases(ouverte: Fenetre, qtbot: QtBot) -> Callable[[int, str], None]:
    """Wait until the case of this rank says these words."""

    def attendre(rang: int, mots: str) -> None:
        def dits() -> list[str]:
            appareils = [a for canal in ouverte.page.image.canaux for a in canal.appareils]  # type: ignore[attr-defined]
            return [case.accessibleName() for a in appareils for case in a.cases]

        qtbot.waitUntil(lambda: len(dits()) > rang and mots in dits()[rang], timeout=10_000)

    return attendre


def test_les_cartes_et_les_incidents_se_voient(ouverte, vrai, cases, qtbot) -> None:
    environnement, page = vrai.environnement, ouverte.page
    cases(0, "CPS3, lue, MARTIN Claire")
    environnement.inserer_vitale("assure")
    environnement.inserer_duo("duo-assure")
    cases(1, "Vitale 2, lue, DURAND Paul")
    cases(2, "Carte complémentaire, lue")
    page.essayer()
    qtbot.waitUntil(lambda: "lue en" in page.essai.lignes["vitale"].accessibleName(), timeout=10_000)
    environnement.incidents.simuler("carte-muette")
    cases(1, "Carte qui ne répond pas")
    environnement.incidents.simuler("lecteur-debranche")
    cases(1, "Lecteur débranché")
    environnement.incidents.simuler("lecteur-rebranche")
    cases(1, "Aucune carte")
    environnement.incidents.simuler("service-arrete")
    cases(0, "Lecteur inaccessible")
    qtbot.waitUntil(lambda: ouverte.bande.cps.accessibleName() == "bloqué : Lecteurs arrêtés", timeout=10_000)
    environnement.incidents.simuler("service-relance")
    cases(0, "CPS3, lue, MARTIN Claire")
    qtbot.waitUntil(lambda: ouverte.bandeau.phrase == "", timeout=10_000)
    evenements = page.nouvelles.texte("|")
    for mots in ("Service des cartes arrêté", "Service des cartes revenu", "Lecteur débranché", "qui ne répond pas"):
        assert mots in evenements


def test_une_carte_a_plusieurs_situations_demande_puis_facture(ouverte, vrai, cases, dialogue, qtbot) -> None:
    vrai.environnement.inserer_ps("infirmiere-remplacante")
    cases(0, "lue")
    vrai.lecteurs.ouvrir_session(demonstration.CODE_PORTEUR)
    choix = dialogue(ChoixSituation)
    assert choix.liste.count() == 3
    choix._choisir(2)
    qtbot.waitUntil(lambda: ouverte.bande.situation.toolTip().startswith("remplace le n° "), timeout=10_000)
    qtbot.waitUntil(lambda: vrai.configuration.profession == "infirmier", timeout=10_000)
    assert vrai.facturation.executant().remplacant
