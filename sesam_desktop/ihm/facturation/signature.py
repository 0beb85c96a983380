"""Securing the invoice composed: the code when no session is open, the cards, and what they answer."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from sesam_desktop.factures.dre import DocumentSecurise

from ..atelier import Atelier
from ..composants.code_porteur import avec_session
from ..pages.page import Page
from .saisie import Composition, Saisie


class Signature(QObject):
    """`faite` gives what was signed, `refusee` the ErreurConnue: nothing composed is lost."""

    commencee = Signal()
    faite = Signal(object)
    refusee = Signal(object)

    def __init__(self, atelier: Atelier, saisie: Saisie, page: Page) -> None:
        super().__init__(page)
        self._atelier, self._saisie, self._page = atelier, saisie, page

    def demander(self) -> None:
        """F10. Without a session no price was shown yet: the code first, the amounts seen, then F10 again."""
        if self._atelier.poste.lecteurs.session_ouverte:
            self._signer()
        else:
            avec_session(self._atelier, self._page, self._annoncer)

    def _annoncer(self) -> None:
        self._atelier.avis.emit("succes", "Session ouverte : vérifiez les montants, puis F10 pour sécuriser.")

    def _signer(self) -> None:
        composition = self._saisie.actuelle
        self.commencee.emit()
        self._atelier.taches.lancer(
            "lecteurs", lambda _: self._securiser(composition), resultat=self.faite.emit, erreur=self.refusee.emit,
            proprietaire=self,
        )

    def _securiser(self, composition: Composition) -> DocumentSecurise:
        service = self._atelier.poste.facturation
        facture = composition.facture(service.executant())
        return service.securiser(facture, composition.niveau, remplace=composition.remplace)
