"""The draft of a billing page: kept at each change, given back after a crash, forgotten once signed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from sesam_desktop.factures.facture import Executant, Facture

from ..atelier import Atelier
from .saisie import Composition


class Brouillon(QObject):
    """Keeps the last picture only: a newer one takes the place of one that waits."""

    def __init__(self, atelier: Atelier, parent: QObject) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self._garde = False

    def garder(self, composition: Composition) -> None:
        """Write it down, behind the page, with or without its patient. Without a line there is nothing to lose."""
        if self._atelier.ouvert and composition.lignes:
            facture = composition.ebauche(Executant(self._atelier.poste.configuration.profession, ""))
            self._garde = True
            self._lancer(lambda: self._atelier.poste.facturation.garder_brouillon(facture))
        elif self._garde:
            self.oublier()

    def oublier(self) -> None:
        """It was signed or given up."""
        self._garde = False
        self._lancer(self._atelier.poste.facturation.effacer_brouillon)

    def retrouver(self, recevoir: Callable[[Facture], None]) -> None:
        """Give back what was being composed, if anything."""
        self._atelier.taches.lancer(
            "base", lambda _: self._atelier.poste.facturation.brouillon(),
            resultat=lambda facture: recevoir(facture) if facture is not None else None, proprietaire=self,
        )

    def _lancer(self, travail: Callable[[], object]) -> None:
        self._atelier.taches.lancer("base", lambda _: travail(), proprietaire=self, remplace="brouillon")
