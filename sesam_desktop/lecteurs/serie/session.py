"""Talk with one card in a serial reader. Its counter, repeated in each command, betrays a card put in its place."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from sesam_desktop.lecteurs.canal import Fente, carte_retiree
from sesam_desktop.lecteurs.reprise import se_repete
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import commandes
from .ligne import Ligne
from .place import Place

ESSAIS = 3
_TRANSMISSION = "GALSS_0200"
_SANS_SUITE = frozenset((_TRANSMISSION, "GALSS_0004"))  # the card itself is not in doubt


class SessionSerie:
    """Ends with the stay of its card. `fin` is called once, with True when the card is no longer there."""

    def __init__(
        self, ligne: Ligne, place: Place, fente: Fente, compteur: int, epoque: int, fin: Callable[[bool], None]
    ) -> None:
        self.fente = fente
        self._ligne, self._place, self._fin = ligne, place, fin
        self._compteur, self._epoque = compteur, epoque
        self._ouverte, self._partie = True, False

    def __enter__(self) -> SessionSerie:
        return self

    def __exit__(self, *_: object) -> None:
        self.fermer()

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        if not self._ouverte or self._partie:
            raise carte_retiree(self.fente.lecteur)
        restant = ESSAIS if se_repete(apdu) else 1
        while True:
            restant -= 1
            try:
                return self._echanger(apdu)
            except ErreurConnue as erreur:
                self._partie = erreur.code not in _SANS_SUITE
                if erreur.code == "CARTE_ABSENTE":
                    raise carte_retiree(self.fente.lecteur) from None
                if erreur.code != _TRANSMISSION or not restant:
                    raise

    def fermer(self) -> None:
        """A card that left is not ours to power off: another one may be there."""
        if not self._ouverte:
            return
        self._ouverte = False
        if not self._partie:
            with contextlib.suppress(ErreurConnue):
                self._demander(commandes.mettre_hors_tension(self._place.lad))
        self._fin(self._partie)

    def _echanger(self, apdu: bytes) -> tuple[bytes, int]:
        octets = self._demander(commandes.apdu(self._place.lad, self._compteur, apdu))
        reponse = commandes.lire_reponse(octets, self.fente.lecteur)
        return commandes.lire_apdu(reponse, self._compteur, self.fente.lecteur)

    def _demander(self, message: bytes) -> bytes:
        attente = self._ligne.chrono.ext
        octets, _ = self._ligne.echanger(
            self._place.pad, message, delai=2 * attente, attente=attente, epoque=self._epoque
        )
        return octets
