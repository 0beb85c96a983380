"""A text in a size relative to the application's: it grows and shrinks with it, and is never cut."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget


class Texte(QLabel):
    """`reserve`: a text whose room is kept, so that nothing moves when figures come."""

    def __init__(
        self, texte: str = "", *, facteur: float = 1.0, gras: bool = False, reserve: str = "", a_droite: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texte, parent)
        self._facteur, self._gras, self._reserve = facteur, gras, reserve
        if a_droite:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.mesurer()

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(self._place())

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(self._place())

    def mesurer(self) -> None:
        """Take the size of the application's font again: Qt leaves alone a widget whose size was set."""
        police = QApplication.font()
        police.setPointSizeF(police.pointSizeF() * self._facteur)
        police.setBold(self._gras)
        self.setFont(police)

    def _place(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._reserve), 0)
