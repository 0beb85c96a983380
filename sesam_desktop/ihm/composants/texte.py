"""A text in a size relative to the application's: it grows and shrinks with it, and is never cut."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QLabel, QWidget


def police_de_code() -> QFont:
    """Monospace, in the size of the plain text."""
    police = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    police.setPointSizeF(QApplication.font().pointSizeF())
    return police


class Texte(QLabel):
    """`reserve`: a text whose room is kept, so that nothing moves when figures come. `code`: monospace.

    `lignes`: wrapped, over as many lines at least, for the same reason.
    """

    def __init__(
        self, texte: str = "", *, facteur: float = 1.0, gras: bool = False, reserve: str = "", a_droite: bool = False,
        code: bool = False, lignes: int = 0, parent: QWidget | None = None,
    ) -> None:
        super().__init__(texte, parent)
        self._facteur, self._gras, self._reserve, self._code = facteur, gras, reserve, code
        self._lignes = lignes
        self.setWordWrap(lignes > 0)
        if a_droite:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.mesurer()

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(self._place())

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(self._place())

    def heightForWidth(self, largeur: int) -> int:
        hauteur = super().heightForWidth(largeur)
        return max(hauteur, self._place().height()) if hauteur >= 0 else hauteur

    def mesurer(self) -> None:
        """Take the size of the application's font again: Qt leaves alone a widget whose size was set."""
        police = police_de_code() if self._code else QApplication.font()
        police.setPointSizeF(police.pointSizeF() * self._facteur)
        police.setBold(self._gras)
        self.setFont(police)

    def _place(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._reserve), self.fontMetrics().height() * self._lignes)
