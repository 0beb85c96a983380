"""One thing to do today, as a wide button: how many, of what, and the key that does it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from .. import icones, teintes
from .etats import ICONES
from .texte import Texte


class LigneAFaire(QPushButton):
    """Pressed by a click, Enter, or `touche`."""

    def __init__(
        self, nombre: int, mots: str, verbe: str, etat: str, touche: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{nombre} {mots}, {etat} : {verbe}")
        self.setShortcut(QKeySequence(touche))
        dessin = QLabel()
        dessin.setPixmap(icones.dessin(ICONES[etat], teintes.couleur_etat(etat)))
        self._rangee = QHBoxLayout(self)
        for widget, poids in (
            (dessin, 0), (Texte(str(nombre), facteur=2, gras=True, reserve="000", a_droite=True), 0),
            (Texte(mots, facteur=1.3), 1), (Texte(f"{verbe}  {touche}", a_droite=True), 0),
        ):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._rangee.addWidget(widget, poids)

    def sizeHint(self) -> QSize:
        return self._rangee.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._rangee.minimumSize()
