"""A label that gives way: its text is shortened when room is short, the whole of it stays in the tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_LETTRES_MINIMALES = 9     # a text no longer than this is never cut


class Etiquette(QLabel):
    """Asks for the width of its whole text, accepts `lettres` of them."""

    def __init__(self, parent: QWidget | None = None, *, lettres: int = _LETTRES_MINIMALES) -> None:
        super().__init__(parent)
        self._entier, self._lettres = "", lettres
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def ecrire(self, texte: str) -> None:
        """Show `texte`, whole if there is room."""
        self._entier = texte
        self.setToolTip(texte)
        self.updateGeometry()
        self._ajuster()

    def sizeHint(self) -> QSize:
        metrique = self.fontMetrics()
        return QSize(metrique.horizontalAdvance(self._entier) + metrique.averageCharWidth(), metrique.height())

    def minimumSizeHint(self) -> QSize:
        metrique = self.fontMetrics()
        if len(self._entier) <= self._lettres:
            return self.sizeHint()
        return QSize(metrique.averageCharWidth() * self._lettres, metrique.height())

    def resizeEvent(self, evenement: QResizeEvent) -> None:
        super().resizeEvent(evenement)
        self._ajuster()

    def _ajuster(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._entier, Qt.TextElideMode.ElideRight, self.width()))
