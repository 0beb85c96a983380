"""What every page is: a title, an icon, its actions with their keys, and the news it refreshes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from .. import icones
from ..atelier import Atelier
from ..composants.bandeau import Bandeau
from ..composants.texte import Texte

A_REPRENDRE_DEMANDE = ("à reprendre",)   # asked of Factures: the invoices that want somebody
A_TORT_DEMANDE = ("à tort",)             # asked of Factures: the rejects contested


class Page(QWidget):
    """A page is made at its first show. It refreshes when shown, and when something in `ecoute` changed."""

    cle: ClassVar[str]
    titre: ClassVar[str]
    ecoute: ClassVar[tuple[str, ...]] = ()

    actions_changees = Signal()
    remplie = Signal(object)   # its data are on screen (None), or the ErreurConnue that keeps them away

    def __init__(self, atelier: Atelier) -> None:
        super().__init__()
        self.atelier = atelier
        self.principale: QAction | None = None
        self.bandeau = Bandeau(self)
        self.colonne = QVBoxLayout(self)
        self.setAccessibleName(self.titre)
        self._fraiche = False
        atelier.change.connect(self._changer)
        atelier.pret.connect(self._rafraichir_tout)

    def rafraichir(self) -> None:
        """Ask the workstation again. Called on the main thread once the workstation is there."""

    def montrer(self, argument: object) -> None:
        """Show `argument`, given by whoever asked for this page."""

    def ajouter_action(
        self, texte: str, touche: str, faire: Callable[[], object], *, icone: str = "", principale: bool = False,
        indice: str = "",
    ) -> QAction:
        """An action of this page: in the key bar (`indice` words, or its text), the palette, and under its key."""
        action = QAction(texte, self)
        action.setShortcuts([QKeySequence(t) for t in touche.split("|") if t])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)  # a hidden page hears nothing
        action.triggered.connect(lambda _=False: faire())
        action.setIconText(indice or texte.replace("&", "").rstrip("…"))
        if icone:
            action.setData(icone)
        self.addAction(action)
        if principale:
            self.principale = action
        return action

    def titre_de(self, texte: str, pour: QWidget | None = None) -> Texte:
        """A section title, the mnemonic of `pour` when given."""
        etiquette = Texte(texte, gras=True)
        if pour is not None:
            etiquette.setBuddy(pour)
        return etiquette

    def bouton(self, action: QAction) -> QPushButton:
        """A push button that runs `action`, says its key, and follows its state."""
        bouton = QPushButton(self)  # a parent from the start: shown alone it would be a window
        touche = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)

        def suivre() -> None:
            bouton.setText(f"{action.text()}  {touche}" if touche else action.text())
            bouton.setEnabled(action.isEnabled())
            bouton.setVisible(action.isVisible())
            bouton.setAccessibleName(action.text().replace("&", ""))

        suivre()
        action.changed.connect(suivre)
        bouton.clicked.connect(action.trigger)
        if action.data():
            icones.poser(bouton, action.data())
        return bouton

    def pied(self, *gauche: QWidget, droite: QWidget | None = None) -> QHBoxLayout:
        """The last row of the page: `gauche` widgets, then `droite` and the primary action, bottom right."""
        rangee = QHBoxLayout()
        rangee.setSpacing(round(self.fontMetrics().height() * 0.6))
        for element in gauche:
            rangee.addWidget(element)
        rangee.addStretch(1)
        if droite is not None:
            rangee.addWidget(droite)
        if self.principale is not None:
            principal = self.bouton(self.principale)
            principal.setDefault(True)
            police = principal.font()
            police.setBold(True)
            principal.setFont(police)
            rangee.addWidget(principal)
        return rangee

    def showEvent(self, evenement) -> None:
        super().showEvent(evenement)
        self._rafraichir_au_besoin()

    def _changer(self, quoi: str) -> None:
        if quoi in self.ecoute:
            self._rafraichir_tout()

    def _rafraichir_tout(self) -> None:
        self._fraiche = False
        if self.isVisible():
            self._rafraichir_au_besoin()

    def _rafraichir_au_besoin(self) -> None:
        if not self._fraiche and self.atelier.ouvert:
            self._fraiche = True
            self.rafraichir()
