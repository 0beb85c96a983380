"""The reader of the tests without a terminal: its line runs in a time that is only counted."""

from __future__ import annotations

from collections import deque

from sesam_desktop.lecteurs.serie.temps import Chrono, Horloge
from tests.outils.lecteur_pss import Emission, MoteurPss

CHRONO = Chrono(bwt=1.0, bgt=0.02, ext=15.0, cwt=0.2)
SOUS_SECONDE = 1e-6


class TempsCompte(Horloge):
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.instant = 100.0

    def maintenant(self) -> float:
        return self.instant

    def dormir(self, duree: float) -> None:
        self.instant += duree


class PortSimule:
    """Bytes arrive when the reader sent them, in order; reading an empty line makes time pass."""

    def __init__(self, moteur: MoteurPss, horloge: TempsCompte) -> None:
        self._moteur, self._horloge = moteur, horloge
        self._arrivees: deque[tuple[float, int]] = deque()
        self._dernier = 0.0
        self.ecrits: list[tuple[float, bytes]] = []
        self.ferme = False

    def ecrire(self, octets: bytes) -> None:
        self.ecrits.append((self._horloge.maintenant(), octets))
        self._recevoir(self._moteur.entrer(octets))

    def lire(self, nombre: int, delai: float) -> bytes:
        """Never empty-handed in no time: a loop on it would not end."""
        if not self._arrivees:
            self._recevoir(self._moteur.silence())
        limite = self._horloge.maintenant() + max(delai, SOUS_SECONDE)
        if not self._arrivees or self._arrivees[0][0] > limite:
            self._horloge.instant = limite
            return b""
        self._horloge.instant = max(self._horloge.instant, self._arrivees[0][0])
        recus = bytearray()
        while self._arrivees and len(recus) < nombre and self._arrivees[0][0] <= self._horloge.instant:
            recus.append(self._arrivees.popleft()[1])
        return bytes(recus)

    def fermer(self) -> None:
        self.ferme = True

    def _recevoir(self, emissions: list[Emission]) -> None:
        for emission in emissions:
            self._dernier = max(self._dernier, self._horloge.maintenant()) + emission.retard
            self._arrivees.extend((self._dernier, octet) for octet in emission.octets)
