"""The strip at the top: the page, the cards, the opposition list, and the way to everything (Ctrl+K)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from .. import icones
from ..modeles import cartes
from .etats import MotEtat
from .texte import Texte

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import Situation

    from ..etat_poste import EtatPoste

_LETTRES = {True: 26, False: 11}    # of the situation, when there is room or not
_PATIENT = 20                       # of whose Vitale it is: the last words to be cut
_LARGE = 165


class BandeEtat(QFrame):
    """Words first: each state is a sentence part, an icon, then a colour."""

    recherche = Signal()
    situation_demandee = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("État du poste")
        self.titre = Texte(facteur=1.25, gras=True)
        self.cps, self.vitale, self.duo, self.loe = MotEtat(), MotEtat(lettres=_PATIENT), MotEtat(), MotEtat()
        self.situation = QPushButton(flat=True)
        self.situation.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._lieu = ""
        self._etat: EtatPoste | None = None
        self.situation.clicked.connect(self.situation_demandee)
        self._cartes = QPushButton("Démo", flat=True)
        self._cartes.setAccessibleName("Insérer ou retirer une carte de démonstration, Ctrl+D")
        self._cartes.setToolTip("Ctrl+D")
        self._bouton = QPushButton("Ctrl+K", flat=True)
        self._bouton.setAccessibleName("Rechercher une action, un patient, une facture ou un réglage")
        icones.poser(self._bouton, "recherche")
        self._bouton.clicked.connect(self.recherche)
        for discret in (self.situation, self._cartes, self.duo):
            discret.hide()
        self._disposer()
        self.attendre()

    def attendre(self) -> None:
        """Before the workstation is there."""
        self.cps.montrer("en cours", "CPS…")
        self.vitale.montrer("en cours", "Vitale…")
        self.loe.montrer("en cours", "LOE…")

    def proposer_cartes(self, menu: QMenu) -> None:
        """On a demonstration workstation: the cards one may insert."""
        self._cartes.setMenu(menu)
        self._cartes.show()

    def ouvrir_cartes(self) -> None:
        """Open the menu of the demonstration cards."""
        self._cartes.showMenu()

    def montrer(self, etat: EtatPoste) -> None:
        """Cards and lists as a worker read them."""
        self._etat = etat
        self.vitale.montrer(*cartes.etat_vitale(etat))
        self.loe.montrer(*cartes.etat_loe(etat))
        duo = cartes.etat_duo(etat)
        self.duo.setVisible(duo is not None)
        if duo is not None:
            self.duo.montrer(*duo)
        self.situation.setVisible(len(etat.situations) > 1)
        self._montrer_situation(etat.situation)

    def _montrer_situation(self, situation: Situation | None) -> None:
        """The situation worked in, shortened: the whole of it stays in the tooltip."""
        self._lieu = cartes.lieu(situation) if situation is not None else "Choisir la situation…"
        self.situation.setToolTip(self._lieu)
        self.situation.setAccessibleName(f"Situation de facturation : {self._lieu}")
        self._serrer()

    def resizeEvent(self, evenement: QResizeEvent) -> None:
        self._serrer()
        super().resizeEvent(evenement)

    def _serrer(self) -> None:
        lettre = self.situation.fontMetrics()
        large = self.width() >= lettre.averageCharWidth() * _LARGE
        largeur = lettre.averageCharWidth() * _LETTRES[large]
        self.situation.setMinimumWidth(lettre.averageCharWidth() * _LETTRES[False])  # or it would keep the window wide
        if self._etat is not None:
            self.cps.montrer(*cartes.etat_cps(self._etat, court=not large))
        self.situation.setText(lettre.elidedText(self._lieu, Qt.TextElideMode.ElideRight, largeur))

    def _disposer(self) -> None:
        rangee = QHBoxLayout(self)
        rangee.addWidget(self.titre)
        rangee.addWidget(self._cartes)
        rangee.addStretch(1)
        espace = round(self.fontMetrics().height() / 2)
        rangee.addWidget(self.cps)
        rangee.addWidget(self.situation)
        rangee.addSpacing(espace)
        for element in (self.vitale, self.duo, self.loe):
            rangee.addWidget(element)
            rangee.addSpacing(espace)
        rangee.addWidget(self._bouton)
