"""What a preparation would do: lots, what to know, and the invoices left aside, each opened by Enter."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ..atelier import Atelier
from ..modeles.essai import a_savoir, colonnes_a_savoir, colonnes_lots, colonnes_refus, resume
from ..modeles.table import ModeleTable
from .bandeau import Bandeau
from .disposition import titrer
from .tableau import Tableau


class EssaiABlanc(QWidget):
    """Nothing here was written."""

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resume = Bandeau(self)
        reglages = atelier.reglages
        self.lots = Tableau("essai-lots", "Lots qui seraient faits", ModeleTable(colonnes_lots()), reglages)
        self.refus = Tableau("essai-refus", "Factures laissées de côté", ModeleTable(colonnes_refus()), reglages)
        self.savoir = Tableau("essai-savoir", "À savoir", ModeleTable(colonnes_a_savoir()), reglages, triable=False)
        for tableau in (self.refus, self.savoir):
            tableau.ouverte.connect(lambda r: atelier.demander("factures", r.facture) if r.facture else None)
        self._savoir = titrer("À sa&voir", self.savoir)
        gauche, partage = QSplitter(Qt.Orientation.Vertical), QSplitter(Qt.Orientation.Horizontal)
        gauche.addWidget(titrer("&Lots qui seraient faits", self.lots))
        gauche.addWidget(self._savoir)
        gauche.setStretchFactor(0, 3)
        gauche.setStretchFactor(1, 2)
        partage.addWidget(gauche)
        self._laissees = titrer("Factures laissées de &côté", self.refus)
        partage.addWidget(self._laissees)
        partage.setStretchFactor(0, 1)
        partage.setStretchFactor(1, 1)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.resume)
        colonne.addWidget(partage, 1)

    def montrer(self, bilan: Any) -> None:
        """Show what would be done."""
        avis = resume(bilan)
        self.resume.dire(avis.phrase, avis.genre)
        self.lots.remplacer(bilan.lots)
        self.refus.remplacer(bilan.refus)
        self._laissees.setVisible(bool(bilan.refus))
        connu = a_savoir(bilan.prevision)
        self.savoir.remplacer(connu)
        self._savoir.setVisible(bool(connu))
        premier = self.refus if bilan.refus else self.lots
        premier.aller(0)
        self.setFocusProxy(premier)
