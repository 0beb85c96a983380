"""The real window for journeys: a workstation plugged into it, keys typed as a person does, workers waited for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from sesam_desktop.ihm.atelier import Atelier
from sesam_desktop.ihm.fenetre import Fenetre
from sesam_desktop.ihm.lancement import preparer, reglages_de
from sesam_desktop.ihm.liaison import Liaison

if TYPE_CHECKING:
    from sesam_desktop.ihm.composants.tableau import Tableau
    from sesam_desktop.poste.poste import Poste

Dialogue = TypeVar("Dialogue", bound=QDialog)
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
AUCUN = Qt.KeyboardModifier.NoModifier
_CALME_S = 0.12  # the window groups its own refreshes over 50 ms


class Ecran:
    """One window. `fermer` closes it and its workstation."""

    def __init__(self, qtbot: QtBot, poste: Poste) -> None:
        self._qtbot = qtbot
        self.poste = poste
        self.atelier = Atelier(reglages_de(poste.profil))
        self.fenetre = Fenetre(self.atelier)
        qtbot.addWidget(self.fenetre)
        self.fenetre.resize(1600, 1000)
        self.fenetre.show()
        qtbot.waitExposed(self.fenetre)
        Liaison(self.fenetre).brancher(poste)
        self.attendre()

    @property
    def page(self) -> Any:
        """The page shown, whatever its class."""
        return self.fenetre.page

    def touche(self, touche: Qt.Key, modificateur: Qt.KeyboardModifier = AUCUN) -> None:
        """One key, to whatever has the keyboard; then the workers answer."""
        QTest.keyClick(self._cible(), touche, modificateur)
        self.attendre()

    def taper(self, texte: str) -> None:
        """Text, to whatever has the keyboard."""
        QTest.keyClicks(self._cible(), texte)

    def valider(self, texte: str) -> None:
        """Text then Enter: what a scanner sends, and a person who knows."""
        self.taper(texte)
        self.touche(Qt.Key.Key_Return)

    def attendre(self, condition: Callable[[], object] = lambda: True, delai: float = 15.0) -> None:
        """Until `condition` holds and no worker has anything left to say."""
        fin, calme_depuis = time.monotonic() + delai, 0.0
        while not calme_depuis or time.monotonic() - calme_depuis < _CALME_S:
            self._qtbot.wait(10)
            au_repos = self.atelier.taches.repos and condition()
            calme_depuis = (calme_depuis or time.monotonic()) if au_repos else 0.0
            if time.monotonic() > fin:
                pytest.fail(f"attendu en vain ; l'écran dit : {self.page.bandeau.phrase!r}")

    def dialogue(self, classe: type[Dialogue]) -> Dialogue:
        """The open dialog of this class."""
        self.attendre(lambda: self._ouverts(classe))
        return self._ouverts(classe)[0]

    def fermer(self) -> None:
        self.fenetre.close()
        self.atelier.fermer()

    def _ouverts(self, classe: type[Dialogue]) -> list[Dialogue]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, classe) and w.isVisible()]

    def _cible(self) -> QWidget:
        """What has the keyboard. A closed dialog gives it back, which the offscreen platform leaves to us."""
        if QApplication.activeWindow() is None:
            self.fenetre.activateWindow()
            self._qtbot.waitUntil(lambda: QApplication.activeWindow() is self.fenetre)
        return QApplication.activePopupWidget() or QApplication.focusWidget() or self.fenetre


def lignes(tableau: Tableau) -> list[list[str]]:
    """What a table shows, row by row, without its headers."""
    return [ligne.split("|") for ligne in tableau.texte("|").splitlines()[1:]]


@pytest.fixture(scope="session")
def qapp(qapp_args: list[str]) -> QApplication:
    """The application as the program prepares it."""
    existante = QApplication.instance()
    application = existante if isinstance(existante, QApplication) else QApplication(qapp_args)
    preparer(application)
    return application
