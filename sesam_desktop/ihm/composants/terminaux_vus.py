"""Portable terminals in the picture of the poste: one line each, and the way to their page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ..modeles.bilans import compter
from .disposition import vider
from .etats import MotEtat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sesam_desktop.poste.terminaux_bilans import Terminal


class TerminauxVus(QWidget):
    """Hidden while no terminal answers."""

    ouvrir = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Terminaux portables")
        self.bouton = QPushButton("Ouvrir les terminau&x")
        self.bouton.clicked.connect(self.ouvrir)
        self._lignes = QVBoxLayout()
        rangee = QHBoxLayout(self)
        rangee.setContentsMargins(0, 0, 0, 0)
        rangee.addLayout(self._lignes, 1)
        rangee.addWidget(self.bouton, 0, Qt.AlignmentFlag.AlignBottom)
        self.hide()

    def montrer(self, terminaux: Sequence[Terminal]) -> None:
        """Show those on their cradle."""
        vider(self._lignes)
        for terminal in terminaux:
            ligne = MotEtat(entier=True)
            ligne.montrer(*_etat(terminal))
            self._lignes.addWidget(ligne)
        self.setVisible(bool(terminaux))


def _etat(terminal: Terminal) -> tuple[str, str]:
    nombre = terminal.identite.documents
    nom = f"Terminal portable {terminal.numero_serie} ({terminal.identite.genre.libelle})"
    if nombre:
        return "à faire", f"{nom} : {compter(nombre, 'visite', 'visites')} à décharger"
    return "fait", f"{nom} : rien à décharger"
