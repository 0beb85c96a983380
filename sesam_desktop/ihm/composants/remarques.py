"""Remarks in small under the field that caused them: an icon, then one sentence a remark."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QScrollArea, QWidget

from .. import icones, teintes

_GENRES = {True: ("erreur", "bloque"), False: ("avertissement", "a-corriger")}


class Remarques(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dessin, self._texte = QLabel(), QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._bloque = False
        rangee = QHBoxLayout(self)
        rangee.setContentsMargins(0, 0, 0, 0)
        rangee.addWidget(self._dessin, 0, Qt.AlignmentFlag.AlignTop)
        rangee.addWidget(self._texte, 1)
        self.hide()

    @property
    def texte(self) -> str:
        """What is said, empty when nothing is."""
        return "" if self.isHidden() else self._texte.text()

    def dire(self, phrases: Sequence[str], *, bloque: bool = False) -> None:
        """Show `phrases`; `bloque`: one of them keeps the invoice from being secured."""
        self._bloque = bloque
        self._texte.setText("\n".join(phrases))
        self.setAccessibleName(self._texte.text())
        self._peindre()
        self.setVisible(bool(phrases))
        if bloque and phrases:
            QTimer.singleShot(0, self, self._se_montrer)

    def _se_montrer(self) -> None:
        """Why the invoice cannot be secured is scrolled to, unless that hides what is being typed."""
        cadre = self.parentWidget()
        while cadre is not None and not isinstance(cadre, QScrollArea):
            cadre = cadre.parentWidget()
        for widget in (self, QApplication.focusWidget()):
            if cadre is not None and widget is not None and cadre.isAncestorOf(widget):
                cadre.ensureWidgetVisible(widget, 0, 0)

    def changeEvent(self, evenement: QEvent) -> None:
        if evenement.type() == QEvent.Type.PaletteChange and not self.isHidden():
            self._peindre()
        super().changeEvent(evenement)

    def _peindre(self) -> None:
        genre, icone = _GENRES[self._bloque]
        couleur = teintes.couleur_etat(genre)
        self._dessin.setPixmap(icones.dessin(icone, couleur))
        palette = self._texte.palette()
        palette.setColor(QPalette.ColorRole.WindowText, couleur)
        self._texte.setPalette(palette)
