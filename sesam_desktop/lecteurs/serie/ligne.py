"""One serial port shared by all that talks on it: one exchange at a time, the port opened when it is needed.

A port that was lost is opened again by the next exchange. Whoever relied on what was at the other end knows it by the
`epoque` (which opening of the port) and the `Repere` (epoque, and which fresh start of the link with that reader).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from sesam_desktop.lecteurs.canal import carte_retiree, lecteur_absent
from sesam_desktop.lecteurs.galss import codes
from sesam_desktop.noyau.erreurs import ErreurConnue

from .lien import Lien
from .temps import Chrono, Horloge
from .voie import Port

Repere = tuple[int, int]
_MONOPOLISE = 0x0004
_FERMETURE = 0.5


class Ligne:
    """`noms`: how each reader (by PAD) is called in what is refused."""

    def __init__(
        self, ouvrir: Callable[[], Port], noms: Mapping[int, str], chrono: Chrono, horloge: Horloge | None = None
    ) -> None:
        self.chrono = chrono
        self._ouvrir, self._noms, self._horloge = ouvrir, noms, horloge
        self._verrou = threading.Lock()
        self._port: Port | None = None
        self._liens: dict[int, Lien] = {}
        self._ferme = self._vivante = False
        self._epoque = 0

    def echanger(
        self, pad: int, message: bytes, *, delai: float | None = None, attente: float = 0.0, epoque: int | None = None
    ) -> tuple[bytes, Repere]:
        """Answer of this reader within `delai` seconds, the wait for the line (at most `attente`) included; and where
        the link then was: it changes whenever the reader may have lost power, or been replaced, unseen.

        Raises ErreurConnue: GALSS_0004 when the line is not free in time, CARTE_RETIREE when the port is no longer the
        one of `epoque`, LECTEUR_ABSENT and those of the port, those of `Lien.echanger`.
        """
        delai = self.chrono.ext if delai is None else delai
        debut = time.monotonic()
        if not self._verrou.acquire(timeout=min(attente, delai)):
            raise codes.erreur(_MONOPOLISE, self._noms[pad])
        try:
            return self._echanger(pad, message, debut + delai - time.monotonic(), epoque)
        finally:
            if self._ferme:
                self._lacher()
            self._verrou.release()

    def fermer(self) -> None:
        """Let the port go, as soon as the exchange under way ends. Never raises, may be called twice."""
        self._ferme = True
        if self._verrou.acquire(timeout=_FERMETURE):
            self._lacher()
            self._verrou.release()

    def _echanger(self, pad: int, message: bytes, delai: float, epoque: int | None) -> tuple[bytes, Repere]:
        nom = self._noms[pad]
        if self._ferme:
            raise lecteur_absent(nom)
        if epoque is not None and (epoque != self._epoque or self._port is None):
            raise carte_retiree(nom)
        try:
            lien = self._lien(pad)
            reponse = lien.echanger(message, delai)
        except ErreurConnue as erreur:
            if erreur.code == "LECTEUR_ABSENT" or not self._vivante:
                self._lacher()
            raise
        self._vivante = True
        return reponse, (self._epoque, lien.alignements)

    def _lien(self, pad: int) -> Lien:
        if self._port is None:
            self._port = self._ouvrir()
            self._epoque += 1
        if pad not in self._liens:
            self._liens[pad] = Lien(self._port, pad, self.chrono, ou=self._noms[pad], horloge=self._horloge)
        return self._liens[pad]

    def _lacher(self) -> None:
        """A port that never answered is opened anew too: after a sleep of the machine some stay deaf."""
        if self._port is not None:
            self._port.fermer()
        self._port, self._vivante = None, False
        self._liens.clear()
