"""Blocks in and out of a serial port, with the times of the link; noise is let go until a block starts."""

from __future__ import annotations

from typing import Protocol

from . import blocs
from .blocs import Bloc, BlocInvalide, Edc
from .temps import Chrono, Horloge


class Port(Protocol):
    """Bytes in and out. Raises ErreurConnue when the port itself is gone."""

    def ecrire(self, octets: bytes) -> None: ...

    def lire(self, nombre: int, delai: float) -> bytes:
        """What came, at most `nombre` bytes, as soon as there is one; b"" after `delai` seconds of silence."""

    def fermer(self) -> None:
        """Never raises, may be called twice."""


class Silence(Exception):
    """Nothing came in time."""


class Echeance(Exception):
    """The time of the whole exchange is over."""


class Voie:
    """What the workstation says to one reader, and hears from it."""

    def __init__(self, port: Port, pad: int, chrono: Chrono, edc: Edc, horloge: Horloge) -> None:
        self._port, self._chrono, self._edc, self._horloge = port, chrono, edc, horloge
        self._vers, self._de = blocs.nad_vers(pad), blocs.nad_de(pad)
        self._echeance = self._dernier_octet = 0.0
        self.entendu = False

    def commencer(self, delai: float) -> None:
        """A new exchange: it ends by Echeance after `delai` seconds, and nothing was heard yet."""
        self._echeance = self._horloge.maintenant() + delai
        self.entendu = False

    def maintenant(self) -> float:
        return self._horloge.maintenant()

    def emettre(self, bloc: Bloc) -> None:
        """After the guard time; the answer's time starts once the last byte has left the wire."""
        self._reste()
        octets = blocs.ecrire(self._vers, bloc, self._edc)
        garde = self._dernier_octet + self._chrono.bgt - self._horloge.maintenant()
        if garde > 0:
            self._horloge.dormir(garde)
        self._port.ecrire(octets)
        self._dernier_octet = self._horloge.maintenant() + len(octets) * self._chrono.octet

    def recevoir(self, attente: float) -> Bloc:
        """The next block, a damaged one being refused once the line is silent. Raises Silence, BlocInvalide."""
        sur_le_fil = max(0.0, self._dernier_octet - self._horloge.maintenant())
        entete = self._debut(sur_le_fil + attente)
        entete += self._suite(blocs.ENTETE - 1)
        corps = self._suite(entete[2] + self._edc.value)
        try:
            return blocs.lire(self._de, entete + corps, self._edc)
        except BlocInvalide:
            self.purger()
            raise

    def purger(self) -> None:
        """Let go of everything until the line is silent."""
        while self._lire(blocs.INF_MAXIMALE, self._chrono.cwt):
            continue

    def _debut(self, attente: float) -> bytes:
        """The first byte of a block for us: what comes before it is noise."""
        limite = self._horloge.maintenant() + attente
        while (reste := limite - self._horloge.maintenant()) > 0:
            octet = self._lire(1, reste)
            if octet and octet[0] == self._de:
                return octet
        raise Silence

    def _suite(self, nombre: int) -> bytes:
        recus = b""
        while len(recus) < nombre:
            morceau = self._lire(nombre - len(recus), self._chrono.cwt)
            if not morceau:
                raise BlocInvalide("Le bloc s'arrête avant sa fin.")
            recus += morceau
        return recus

    def _lire(self, nombre: int, delai: float) -> bytes:
        octets = self._port.lire(nombre, min(delai, self._reste()))
        if octets:
            self.entendu = True
            self._dernier_octet = self._horloge.maintenant()
        return octets

    def _reste(self) -> float:
        reste = self._echeance - self._horloge.maintenant()
        if reste <= 0:
            raise Echeance
        return reste
