"""Constats as cards: state, what was found, what to do, and the button that repairs it or gives the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ..modeles.diagnostic import Groupe
from .disposition import vider
from .etats import MotEtat
from .texte import Texte

if TYPE_CHECKING:
    from sesam_desktop.poste.diagnostic import Constat


class CarteConstat(QFrame):
    """One constat that wants somebody. Steps stay folded until asked for."""

    reparer = Signal(object)

    def __init__(self, constat: Constat, etat: str, nouveau: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.constat = constat
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName(f"{etat} : {constat.titre}")
        self.etat = MotEtat(entier=True)
        self.etat.montrer(etat, f"{constat.titre} (nouveau)" if nouveau else constat.titre)
        self.etapes = QLabel(_numeroter(constat.etapes), wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.etapes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.etapes.hide()
        self.bouton = self._bouton()
        textes = QVBoxLayout()
        textes.addWidget(self.etat)
        if constat.action:
            textes.addWidget(QLabel(constat.action, wordWrap=True, textFormat=Qt.TextFormat.PlainText))
        textes.addWidget(self.etapes)
        textes.addWidget(Texte(constat.code, facteur=0.8, code=True))
        rangee = QHBoxLayout(self)
        rangee.addLayout(textes, 1)
        if self.bouton is not None:
            rangee.addWidget(self.bouton, 0, Qt.AlignmentFlag.AlignTop)

    def _bouton(self) -> QPushButton | None:
        if self.constat.reparation == "auto":
            bouton = QPushButton("Réparer…")
            bouton.clicked.connect(lambda: self.reparer.emit(self.constat))
        elif self.constat.etapes:
            bouton = QPushButton("Étapes")
            bouton.setCheckable(True)
            bouton.toggled.connect(self.etapes.setVisible)
        else:
            return None
        bouton.setAccessibleName(f"{bouton.text()} {self.constat.titre}")
        return bouton


class Constats(QScrollArea):
    """Groups under their titles. What is in order is one line each: nobody has to act on it."""

    reparer = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Constats du diagnostic")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.cartes: list[CarteConstat] = []
        contenu = QWidget()
        self._pile = QVBoxLayout()
        colonne = QVBoxLayout(contenu)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addLayout(self._pile)
        colonne.addStretch(1)
        self.setWidget(contenu)

    def montrer(self, groupes: list[Groupe]) -> None:
        """Show `groupes` in their order."""
        vider(self._pile)
        self.cartes = []
        for groupe in groupes:
            self._pile.addWidget(Texte(groupe.titre, facteur=1.1, gras=True))
            for constat in groupe.constats:
                self._pile.addWidget(self._widget(groupe, constat))

    def _widget(self, groupe: Groupe, constat: Constat) -> QWidget:
        if groupe.etat == "fait":
            ligne = MotEtat(entier=True)
            ligne.montrer("fait" if constat.reparation == "aucune" else "à faire", constat.titre)
            return ligne
        carte = CarteConstat(constat, groupe.etat, constat in groupe.nouveaux)
        carte.reparer.connect(self.reparer)
        self.cartes.append(carte)
        return carte


def _numeroter(etapes: tuple[str, ...]) -> str:
    return "\n".join(f"{rang}. {etape}" for rang, etape in enumerate(etapes, 1))
