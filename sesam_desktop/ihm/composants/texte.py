"""A text in a size relative to the application's: it grows and shrinks with it, and is never cut."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
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
        self._mesurer()

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(self._place())

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(self._place())

    def changeEvent(self, evenement: QEvent) -> None:
        if evenement.type() == QEvent.Type.ApplicationFontChange:
            self._mesurer()
        super().changeEvent(evenement)

    def _place(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._reserve), 0)

    def _mesurer(self) -> None:
        police = QApplication.font()
        police.setPointSizeF(police.pointSizeF() * self._facteur)
        police.setBold(self._gras)
        self.setFont(police)
