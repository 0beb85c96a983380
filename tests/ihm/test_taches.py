"""Queues: order, results, errors on the main thread, cancel, replacement, shutdown."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sesam_desktop.ihm.taches import Taches
from sesam_desktop.noyau.erreurs import Annulation, ErreurConnue


@pytest.fixture
def taches(qapp):
    taches = Taches()
    yield taches
    taches.fermer()


def test_le_resultat_revient_sur_le_fil_principal(qtbot: QtBot, taches: Taches) -> None:
    fils = []
    taches.lancer("a", lambda _: threading.get_ident(), resultat=lambda i: fils.extend([i, threading.get_ident()]))
    qtbot.waitUntil(lambda: len(fils) == 2)
    assert fils[0] != fils[1] == threading.get_ident()
    assert taches.repos


def test_une_file_garde_l_ordre_et_deux_files_vont_ensemble(qtbot: QtBot, taches: Taches) -> None:
    verrou, faits = threading.Event(), []
    taches.lancer("lecteur", lambda _: verrou.wait(5), resultat=lambda _: faits.append("lecteur 1"))
    taches.lancer("lecteur", lambda _: None, resultat=lambda _: faits.append("lecteur 2"))
    taches.lancer("boite", lambda _: None, resultat=lambda _: faits.append("boite"))
    qtbot.waitUntil(lambda: faits == ["boite"])
    verrou.set()
    qtbot.waitUntil(lambda: faits == ["boite", "lecteur 1", "lecteur 2"])


def test_une_erreur_connue_va_a_qui_l_a_demandee(qtbot: QtBot, taches: Taches) -> None:
    echecs: list[ErreurConnue] = []

    def echouer(_tache):
        raise ErreurConnue("Lecteur absent.", code="LECTEUR_ABSENT")

    taches.lancer("a", echouer, erreur=echecs.append)
    taches.sans_reponse.connect(echecs.append)
    taches.lancer("a", echouer)
    qtbot.waitUntil(lambda: len(echecs) == 2)
    assert {e.code for e in echecs} == {"LECTEUR_ABSENT"}


def test_un_bogue_est_leve_sur_le_fil_principal(qtbot: QtBot, taches: Taches) -> None:
    with qtbot.captureExceptions() as leves:
        taches.lancer("a", lambda _: 1 // 0)
        qtbot.waitUntil(lambda: bool(leves))
    assert leves[0][0] is ZeroDivisionError


def test_progression_et_annulation(qtbot: QtBot, taches: Taches) -> None:
    suite, vus, fins = threading.Event(), [], []

    def travail(tache):
        tache.avancer(1, 3, "un")
        suite.wait(5)
        if tache.annulee():
            raise Annulation()

    tache = taches.lancer("a", travail, erreur=fins.append, progression=lambda *v: vus.append(v))
    qtbot.waitUntil(lambda: vus == [(1, 3, "un")])
    tache.annuler()
    suite.set()
    qtbot.waitUntil(lambda: len(fins) == 1)
    assert isinstance(fins[0], Annulation)


def test_annulee_avant_de_commencer_elle_ne_fait_rien(qtbot: QtBot, taches: Taches) -> None:
    verrou, faits, fins = threading.Event(), [], []
    taches.lancer("a", lambda _: verrou.wait(5))
    tache = taches.lancer("a", lambda _: faits.append(1), erreur=fins.append)
    tache.annuler()
    verrou.set()
    qtbot.waitUntil(lambda: len(fins) == 1)
    assert faits == []


def test_la_plus_recente_remplace_celle_qui_attend(qtbot: QtBot, taches: Taches) -> None:
    verrou, faits = threading.Event(), []
    taches.lancer("a", lambda _: verrou.wait(5))
    for rang in range(5):
        taches.lancer("a", lambda _, rang=rang: rang, resultat=faits.append, remplace="prix")
    verrou.set()
    qtbot.waitUntil(lambda: taches.repos)
    assert faits == [4]


def test_personne_n_est_prevenu_quand_la_page_n_est_plus(qtbot: QtBot, taches: Taches) -> None:
    verrou, faits = threading.Event(), []
    page = QObject()
    taches.lancer("a", lambda _: verrou.wait(5), resultat=faits.append, proprietaire=page)
    import shiboken6

    shiboken6.delete(page)
    verrou.set()
    qtbot.waitUntil(lambda: taches.repos)
    assert faits == []


def test_la_fermeture_arrete_ce_qui_tourne_et_oublie_ce_qui_attend(taches: Taches) -> None:
    commence, faits = threading.Event(), []

    def travail(tache):
        commence.set()
        while not tache.annulee():
            threading.Event().wait(0.01)
        faits.append("arrêtée")

    taches.lancer("a", travail)
    taches.lancer("a", lambda _: faits.append("jamais"))
    assert commence.wait(5)
    taches.fermer()
    assert faits == ["arrêtée"]
    assert taches.repos
