"""Payments announced beside the bank's lines: chosen on each side, put together; what a payment groups under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ..atelier import Atelier
from ..composants.disposition import titrer
from ..composants.page_vide import PageVide
from ..composants.tableau import Tableau
from ..modeles import paiements as modele
from ..modeles.table import ModeleTable

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.depot_banque import LigneVue
    from sesam_desktop.teletransmission.depot_comptes import VirementVu


class Virements(QWidget):
    """`change`: another choice on either side."""

    change = Signal()

    def __init__(self, atelier: Atelier, vide: PageVide, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atelier, reglages = atelier, atelier.reglages
        self.virements = Tableau("virements", "Virements annoncés", ModeleTable(modele.colonnes_virements()), reglages)
        self.lignes = Tableau("releve", "Lignes du relevé bancaire", ModeleTable(modele.colonnes_lignes()), reglages)
        self.details = Tableau("virement", "Contenu du virement", ModeleTable(modele.colonnes_details()), reglages,
                               triable=False)
        for tableau in (self.virements, self.lignes):
            tableau.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
            tableau.choisie.connect(lambda _: self.change.emit())
        self.virements.choisie.connect(self._detailler)
        self.details.ouverte.connect(lambda d: atelier.demander("factures", d.facture) if d.facture else None)
        self._disposer(vide)

    def montrer(self, virements: list[VirementVu], lignes: list[LigneVue]) -> None:
        """Show both sides."""
        self.virements.remplacer(virements, cle=lambda v: v.id)
        self.lignes.remplacer(lignes, cle=lambda li: li.id)
        self.pile.setCurrentIndex(0 if virements or lignes else 1)
        if virements and self.virements.courante is None:
            self.virements.aller(0)
        self.change.emit()

    def _detailler(self, virement: VirementVu | None) -> None:
        if virement is None:
            self.details.remplacer([])
            return
        poste = self._atelier.poste
        self._atelier.taches.lancer(
            "comptes", lambda _: modele.details(poste, virement), resultat=self.details.remplacer, proprietaire=self,
            remplace="détail",
        )

    def _disposer(self, vide: PageVide) -> None:
        haut, partage = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Vertical)
        haut.addWidget(titrer("&Annoncés par les retours", self.virements))
        haut.addWidget(titrer("Relevé de la &banque", self.lignes))
        partage.addWidget(haut)
        partage.addWidget(titrer("C&ontenu du virement", self.details))
        partage.setStretchFactor(0, 3)
        partage.setStretchFactor(1, 2)
        self.pile = QStackedWidget()
        self.pile.addWidget(partage)
        self.pile.addWidget(vide)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.pile)
        self.setFocusProxy(self.virements)
