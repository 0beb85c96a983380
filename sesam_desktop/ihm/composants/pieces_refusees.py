"""A piece that the fund refused: send it again as it is, or give it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from ..pages.page import Page
from .confirmation import confirmer

REFUSEE = "rejetee"


class PiecesRefusees(QObject):
    """Two actions of the page of pieces, alive while a refused piece is chosen."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._piece: Any = None
        self.renvoyer = page.ajouter_action("Ren&voyer la pièce", "F5", self._renvoyer, icone="envoyer",
                                            indice="renvoyer")
        self.classer = page.ajouter_action("C&lasser la pièce…", "F6", self._confirmer, icone="retirer",
                                           indice="classer")
        self.suivre(None)

    def suivre(self, piece: Any) -> None:
        """The piece chosen, None without."""
        self._piece = piece if piece is not None and piece.etat == REFUSEE else None
        for action in (self.renvoyer, self.classer):
            action.setEnabled(self._piece is not None)

    def _renvoyer(self) -> None:
        piece = self._piece
        self._faire(
            lambda: self._page.atelier.poste.pieces.renvoyer(piece.id), "La pièce repartira avec les prochains lots."
        )

    def _confirmer(self) -> None:
        piece = self._piece
        confirmer(
            self._page, "Classer la pièce",
            f"La pièce refusée de la facture {', '.join(piece.factures)} sera classée : plus personne n'aura à s'en"
            " occuper, et une autre pourra être jointe à sa place. Elle reste gardée.",
            "&Classer la pièce", lambda _: self._classer(piece),
        )

    def _classer(self, piece: Any) -> None:
        self._faire(lambda: self._page.atelier.poste.pieces.classer(piece.id), "La pièce est classée.")

    def _faire(self, travail: Callable[[], object], phrase: str) -> None:
        self._page.atelier.taches.lancer(
            "pieces", lambda _: travail(), resultat=lambda _: self._page.bandeau.dire(phrase, "succes"),
            erreur=self._page.bandeau.dire_erreur, proprietaire=self._page,
        )
