"""Between the frame and the workstation: opens it on a worker, then keeps the frame's picture of it fresh."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from . import etat_poste
from .fenetre import Fenetre

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste


class Liaison(QObject):
    """Lives as long as its window."""

    def __init__(self, fenetre: Fenetre) -> None:
        super().__init__(fenetre)
        self._fenetre, self._atelier = fenetre, fenetre.atelier
        self._regroupement = QTimer(self, singleShot=True, interval=50)
        self._regroupement.timeout.connect(self._relever)
        self._atelier.change.connect(lambda _: self._regroupement.start())

    def ouvrir(self, profil: Path | None, demonstration: bool) -> None:
        """Open the workstation, off the main thread."""
        self._atelier.taches.lancer(
            "base", lambda _: _ouvrir(profil, demonstration), resultat=self.brancher,
            erreur=lambda e: self._fenetre.bandeau.dire_erreur(
                e, suite="Réessayer", action=lambda: self.ouvrir(profil, demonstration)
            ),
        )

    def brancher(self, poste: Poste) -> None:
        """The workstation is there: pages may use it, readers start, the strip fills."""
        self._atelier.brancher(poste)
        self._relever()
        self._atelier.taches.lancer("lecteurs", lambda _: poste.lecteurs.fentes(), erreur=lambda _: None)

    def _relever(self) -> None:
        if self._atelier.ouvert:
            self._atelier.taches.lancer(
                "base", lambda _: etat_poste.relever(self._atelier.poste), resultat=self._fenetre.montrer_etat,
                proprietaire=self, remplace="état",
            )


def _ouvrir(profil: Path | None, demonstration: bool) -> Poste:
    from sesam_desktop.poste.poste import Poste

    return Poste.demonstration(profil) if demonstration else Poste.ouvrir(profil)
