"""The diagnostic of the workstation: its verdict in one sentence, then each constat and what to do of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ..atelier import Atelier
from ..modeles.diagnostic import VERDICTS, colonnes_constats
from ..modeles.table import ModeleTable
from .bandeau import Bandeau
from .etats import MotEtat
from .tableau import Tableau

if TYPE_CHECKING:
    from sesam_desktop.poste.diagnostic import Diagnostic


class DiagnosticVu(QWidget):
    """`demander` looks at everything, cards and network included, on the readers' queue."""

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self.verdict, self.bandeau = MotEtat(), Bandeau()
        self.constats = Tableau("diagnostic", "Diagnostic", ModeleTable(colonnes_constats()), atelier.reglages)
        colonne = QVBoxLayout(self)
        for widget in (self.verdict, self.bandeau, self.constats):
            colonne.addWidget(widget)
        self.verdict.montrer("à faire", "F8 examine le poste : disque, base, tables, lecteurs, cartes, messagerie.")

    def demander(self) -> None:
        """Ask again."""
        self.bandeau.taire()
        self.verdict.montrer("en cours", "Examen du poste…")
        self._atelier.taches.lancer(
            "lecteurs", lambda _: self._examiner(), resultat=self.montrer, erreur=self.bandeau.dire_erreur,
            proprietaire=self, remplace="diagnostic",
        )

    def montrer(self, diagnostic: Diagnostic) -> None:
        """Show the constats, the worst first."""
        ordre = {"KO": 0, "WARN": 1, "INFO": 2}
        self.verdict.montrer(*VERDICTS[diagnostic.verdict.value])
        self.constats.remplacer(sorted(diagnostic.constats, key=lambda c: ordre[c.niveau.value]))

    def _examiner(self) -> Diagnostic:
        from sesam_desktop.poste.diagnostic import diagnostiquer

        return diagnostiquer(self._atelier.poste)
