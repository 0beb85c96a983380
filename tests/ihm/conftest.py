"""One window over a workstation in memory, at rest between two gestures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from sesam_desktop.ihm.atelier import Atelier
from sesam_desktop.ihm.fenetre import Fenetre
from sesam_desktop.ihm.lancement import garder_vrai, preparer, reglages_de
from sesam_desktop.ihm.liaison import Liaison
from sesam_desktop.ihm.pages.page import Page

from .faux_diagnostic import Examen
from .faux_poste import FauxPoste

ICI = Path(__file__).parent
BREF_MS = 150  # timers that gather what comes together; longer ones are part of what is shown


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says what it cannot do (size hints, raise, grab): it is no fault of the window."""
    for item in items:
        if ICI in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(scope="session")
def qapp(qapp_args: list[str]) -> QApplication:
    """The application as the program prepares it."""
    existante = QApplication.instance()
    application = existante if isinstance(existante, QApplication) else QApplication(qapp_args)
    preparer(application)
    garder_vrai()
    return application


@pytest.fixture(autouse=True)
def examen(monkeypatch: pytest.MonkeyPatch) -> Examen:
    """The diagnostic of the workstation in memory."""
    examen = Examen()
    examen.installer(monkeypatch)
    return examen


@pytest.fixture
def poste() -> FauxPoste:
    """A workstation with the professional's session open."""
    poste = FauxPoste()
    poste.lecteurs.session_ouverte = True
    return poste


@pytest.fixture
def atelier(qapp: QApplication, profil: Path) -> Iterator[Atelier]:
    """Queues and settings, closed at the end."""
    atelier = Atelier(reglages_de(profil))
    yield atelier
    atelier.fermer()


@pytest.fixture
def fenetre(qtbot: QtBot, atelier: Atelier, poste: FauxPoste) -> Fenetre:
    """The window on screen, with its workstation."""
    fenetre = Fenetre(atelier)
    qtbot.addWidget(fenetre)
    fenetre.resize(1200, 800)
    fenetre.show()
    fenetre.activateWindow()
    qtbot.waitUntil(fenetre.isActiveWindow)
    Liaison(fenetre).brancher(poste)  # type: ignore[arg-type]
    return fenetre


@pytest.fixture
def repos(qtbot: QtBot, atelier: Atelier) -> Callable[[], None]:
    """Wait until every worker has answered, so that what an answer asks is answered too, and no short timer runs."""

    def calme() -> bool:
        minuteries = (t for fenetre in QApplication.topLevelWidgets() for t in fenetre.findChildren(QTimer))
        return atelier.taches.repos and not any(
            t.isActive() and t.isSingleShot() and t.interval() <= BREF_MS for t in minuteries
        )

    def attendre() -> None:
        for _ in range(3):
            qtbot.wait(10)
            qtbot.waitUntil(calme, timeout=5000)

    return attendre


@pytest.fixture
def dialogue(qtbot: QtBot) -> Callable[[type[QDialog]], QDialog]:
    """Wait for the dialog of a class and give it."""

    def trouver(classe: type[QDialog]) -> QDialog:
        def present() -> QDialog | None:
            ouverts = (w for w in QApplication.topLevelWidgets() if isinstance(w, classe) and w.isVisible())
            return next(ouverts, None)

        qtbot.waitUntil(lambda: present() is not None)
        return present()  # type: ignore[return-value]

    return trouver


@pytest.fixture
def aller(fenetre: Fenetre, repos: Callable[[], None]) -> Callable[[str], Page]:
    """Show a page and wait for its data."""

    def montrer(cle: str) -> Page:
        fenetre.aller(cle)
        repos()
        return fenetre.page

    return montrer
