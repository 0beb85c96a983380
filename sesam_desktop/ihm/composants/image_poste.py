"""The picture of the poste: a frame a device, a case a slot, under the channel that reaches them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ..modeles.lecteurs import VueAppareil, VueCanal, VueFente, VuePoste
from .disposition import vider
from .etats import MotEtat
from .texte import Texte

_PETIT = 0.85


class CaseFente(QFrame):
    """One slot: its name and resource, its state, whose card, its ATR. Room is kept for what may come."""

    def __init__(self, titre: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nom = titre
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setBackgroundRole(QPalette.ColorRole.Window)   # stands out of its device, light or dark
        self.setAutoFillBackground(True)
        self._ressource = Texte(facteur=_PETIT, code=True, a_droite=True)
        self.etat = MotEtat(entier=True)
        self.detail = Texte(lignes=2)
        self.atr = Texte(facteur=_PETIT, code=True, lignes=2)
        self.atr.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for texte in (self.detail, self.atr):
            texte.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        haut = QHBoxLayout()
        haut.addWidget(Texte(titre, gras=True), 1)
        haut.addWidget(self._ressource)
        colonne = QVBoxLayout(self)
        colonne.addLayout(haut)
        for widget in (self.etat, self.detail, self.atr):
            colonne.addWidget(widget)
        colonne.addStretch(1)

    def montrer(self, vue: VueFente) -> None:
        """Show `vue`."""
        self.etat.montrer(vue.mot, vue.phrase)
        self.detail.setText(vue.detail)
        self.atr.setText(vue.atr)
        self._ressource.setText(vue.ressource)
        self.setToolTip(vue.lecteur)
        lus = [self._nom, vue.ressource, vue.mot, vue.phrase, vue.detail, f"ATR {vue.atr}" if vue.atr else ""]
        self.setAccessibleName(", ".join(morceau for morceau in lus if morceau))


class CadreAppareil(QFrame):
    """One device: its name, then its slots side by side, all of one width."""

    def __init__(self, appareil: VueAppareil, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName(f"Lecteur {appareil.nom}")
        self.cases = [CaseFente(titre) for titre in appareil.titres]
        nom = Texte(appareil.nom, gras=True, lignes=1)
        rangee = QHBoxLayout()
        for case in self.cases:
            rangee.addWidget(case, 1)
        colonne = QVBoxLayout(self)
        colonne.addWidget(nom)
        colonne.addLayout(rangee)

    def montrer(self, appareil: VueAppareil) -> None:
        """Show the slots of `appareil`."""
        for case, fente in zip(self.cases, appareil.fentes, strict=True):
            case.montrer(fente)


class CadreCanal(QWidget):
    """One channel: its name, whether its service answers, its devices under each other."""

    def __init__(self, canal: VueCanal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(canal.titre)
        self.etat = MotEtat(entier=True)
        self.appareils = [CadreAppareil(appareil) for appareil in canal.appareils]
        haut = QHBoxLayout()
        haut.setSpacing(self.fontMetrics().height())
        haut.addWidget(Texte(canal.titre, facteur=1.1, gras=True), 0, Qt.AlignmentFlag.AlignTop)
        haut.addWidget(self.etat, 1)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addLayout(haut)
        for appareil in self.appareils:
            colonne.addWidget(appareil)

    def montrer(self, canal: VueCanal) -> None:
        """Show `canal` and its devices."""
        self.etat.montrer(canal.mot, canal.phrase)
        for cadre, appareil in zip(self.appareils, canal.appareils, strict=True):
            cadre.montrer(appareil)


class ImagePoste(QScrollArea):
    """Widgets are made again only when a channel, a device or a slot came: a card that moves changes words alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Lecteurs de ce poste")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.canaux: list[CadreCanal] = []
        self._forme: object = None
        self._contenu = QWidget()
        colonne = QVBoxLayout(self._contenu)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.setSpacing(self.fontMetrics().height())
        self._pile = QVBoxLayout()
        colonne.addLayout(self._pile)
        colonne.addStretch(1)
        self.setWidget(self._contenu)

    def montrer(self, vue: VuePoste) -> None:
        """Show `vue`."""
        forme = _forme(vue)
        if forme != self._forme:
            self._forme = forme
            self._batir(vue)
        for cadre, canal in zip(self.canaux, vue.canaux, strict=True):
            cadre.montrer(canal)

    def minimumSizeHint(self) -> QSize:
        """As wide as what is in it: it scrolls down, never sideways."""
        barre = self.verticalScrollBar().sizeHint().width()
        return QSize(self._contenu.minimumSizeHint().width() + barre, super().minimumSizeHint().height())

    def _batir(self, vue: VuePoste) -> None:
        vider(self._pile)
        self.canaux = [CadreCanal(canal) for canal in vue.canaux]
        for cadre in self.canaux:
            self._pile.addWidget(cadre)
        self.updateGeometry()


def _forme(vue: VuePoste) -> object:
    """What decides of the widgets: names, without states."""
    return [(c.titre, [(a.nom, [f.lecteur for f in a.fentes]) for a in c.appareils]) for c in vue.canaux]
