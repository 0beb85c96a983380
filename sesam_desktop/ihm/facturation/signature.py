"""Securing the invoice composed: the code when no session is open, the cards, and what they answer."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from sesam_desktop.factures.facture import FactureSecurisee

from ..atelier import Atelier
from ..composants.code_porteur import avec_session
from ..pages.page import Page
from .saisie import Composition, Saisie


class Signature(QObject):
    """`faite` gives the FactureSecurisee, `refusee` the ErreurConnue: nothing composed is lost."""

    commencee = Signal()
    faite = Signal(object)
    refusee = Signal(object)

    def __init__(self, atelier: Atelier, saisie: Saisie, page: Page) -> None:
        super().__init__(page)
        self._atelier, self._saisie, self._page = atelier, saisie, page

    def demander(self) -> None:
        """F10."""
        avec_session(self._atelier, self._page, self._signer)

    def _signer(self) -> None:
        composition = self._saisie.actuelle
        self.commencee.emit()
        self._atelier.taches.lancer(
            "lecteurs", lambda _: self._securiser(composition), resultat=self.faite.emit, erreur=self.refusee.emit,
            proprietaire=self,
        )

    def _securiser(self, composition: Composition) -> FactureSecurisee:
        service = self._atelier.poste.facturation
        facture = composition.facture(service.executant())
        return service.securiser(facture, composition.niveau, remplace=composition.remplace)
