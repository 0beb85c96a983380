"""The bar at the bottom: the keys of the page shown, and what waits to be sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from .disposition import vider
from .etats import MotEtat

_PETITE = Qt.ToolButtonStyle.ToolButtonTextOnly


class BarreTouches(QFrame):
    """One flat button a key, so that the mouse finds what the keyboard does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Touches de la page")
        self._rangee = QHBoxLayout(self)
        self._rangee.setSpacing(0)
        self._cadre = QWidget()
        self._cadre.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._touches = QHBoxLayout(self._cadre)
        self._touches.setSpacing(0)
        self._touches.setContentsMargins(0, 0, 0, 0)
        self.attente = MotEtat()
        self._rangee.addWidget(self._cadre, 1)
        self._rangee.addWidget(self.attente)
        self.attente.hide()
        self._suivis: list[tuple[QAction, Callable[[], None]]] = []
        self._boutons: list[tuple[QToolButton, QAction]] = []

    def montrer(self, actions: list[QAction]) -> None:
        """Show the keys of `actions` that are visible and have one."""
        for action, suivre in self._suivis:
            action.changed.disconnect(suivre)
        self._suivis.clear()
        self._boutons.clear()
        vider(self._touches)
        for action in actions:
            if not action.shortcut().isEmpty():
                self._touches.addWidget(self._bouton(action))
        self._touches.addStretch(1)
        self._tenir()

    def resizeEvent(self, evenement: QResizeEvent) -> None:
        super().resizeEvent(evenement)
        self._tenir()

    def _tenir(self) -> None:
        """Hide the last keys when room is short: half a word says nothing. They still work, and Ctrl+K has them."""
        reste = self._cadre.width()
        for bouton, action in self._boutons:
            reste -= bouton.sizeHint().width()
            bouton.setVisible(action.isVisible() and reste >= 0)

    def annoncer(self, lots_prets: int) -> None:
        """What waits to be sent, at the right."""
        self.attente.setVisible(lots_prets > 0)
        if lots_prets:
            self.attente.montrer("à faire", f"{lots_prets} lot{'s' if lots_prets > 1 else ''} à envoyer")

    def _bouton(self, action: QAction) -> QToolButton:
        bouton = QToolButton(autoRaise=True)
        bouton.setToolButtonStyle(_PETITE)
        bouton.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        touche = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)

        def suivre() -> None:
            bouton.setText(f"{touche} {action.iconText().lower()}")
            bouton.setAccessibleName(f"{action.iconText()}, touche {touche}")
            bouton.setEnabled(action.isEnabled())
            self._tenir()

        suivre()
        action.changed.connect(suivre)
        self._suivis.append((action, suivre))
        self._boutons.append((bouton, action))
        bouton.clicked.connect(action.trigger)
        return bouton
