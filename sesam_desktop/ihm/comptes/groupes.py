"""Two tables one over the other: groups, and what the one chosen holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ..composants.disposition import titrer
from ..composants.page_vide import PageVide
from ..composants.tableau import Tableau


class Groupes(QWidget):
    """`contenu` gives the rows of a group, on a worker or at once; `choisi` the group under the arrows."""

    choisi = Signal(object)

    def __init__(
        self, groupes: Tableau, lignes: Tableau, titre: str, vide: PageVide, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.groupes, self.lignes = groupes, lignes
        self._contenu: Callable[[Any], list[Any]] = lambda _: []
        groupes.choisie.connect(self._choisir)
        partage = QSplitter(Qt.Orientation.Vertical)
        partage.addWidget(groupes)
        partage.addWidget(titrer(titre, lignes))
        partage.setStretchFactor(0, 1)
        partage.setStretchFactor(1, 1)
        self.pile = QStackedWidget()
        self.pile.addWidget(partage)
        self.pile.addWidget(vide)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.pile, 1)
        self.setFocusProxy(groupes)

    def montrer(self, groupes: list[Any], cle: Callable[[Any], Any], contenu: Callable[[Any], list[Any]]) -> None:
        """Show the groups; the one chosen stays chosen."""
        self._contenu = contenu
        self.groupes.remplacer(groupes, cle=cle)
        self.pile.setCurrentIndex(0 if groupes else 1)
        if groupes and self.groupes.courante is None:
            self.groupes.aller(0)
        elif not groupes:
            self._choisir(None)

    def _choisir(self, groupe: Any) -> None:
        self.lignes.remplacer(self._contenu(groupe) if groupe is not None else [])
        self.choisi.emit(groupe)
