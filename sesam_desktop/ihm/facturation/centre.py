"""The lines of the invoice and the reasons of one of them: side by side, or one above the other when room is short."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

_LETTRES = 150   # below, the amounts need the whole width
_PARTS = {True: (3, 1), False: (2, 3)}


class Centre(QSplitter):
    """Beside it, `tableau` keeps the most of the room; above, the reasons do: they are what is being read."""

    def __init__(self, tableau: QWidget, raisons: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.addWidget(tableau)
        self.addWidget(raisons)
        self.setChildrenCollapsible(False)

    def resizeEvent(self, evenement: QResizeEvent) -> None:
        large = self.width() >= self.fontMetrics().averageCharWidth() * _LETTRES
        self.setOrientation(Qt.Orientation.Horizontal if large else Qt.Orientation.Vertical)
        for rang, part in enumerate(_PARTS[large]):
            self.setStretchFactor(rang, part)
        super().resizeEvent(evenement)
