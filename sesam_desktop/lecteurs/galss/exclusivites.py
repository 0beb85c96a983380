"""What the clients of one manager share, as programs share one GALSS: names in use, numbers, who has a channel.

One application a channel at a time, others wait a bounded time. An application is a name given by a client: the same
name given by another client is another application.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from . import codes

ATTENTE_S = 25.0
PAS_S = 0.1
SESSIONS_MAX = 64
_PLEIN, _MONOPOLISE, _SEQUENCE, _DEJA_OUVERTE, _INCONNU = 0x0002, 0x0004, 0x0008, 0x0800, 0x1000


class Titulaire(NamedTuple):
    """An application of one client (any object that is this client)."""

    client: object
    appli: str


@dataclass(frozen=True, slots=True)
class _Prise:
    titulaire: Titulaire
    canal: int


class Noms:
    """Names of applications, each that of one open session among all clients."""

    def __init__(self) -> None:
        self._verrou = threading.Lock()
        self._ouverts: dict[int, str] = {}
        self._numeros = count(1)

    def prendre(self, appli: str, ressource: str) -> int:
        """The number of a new session. Raises GALSS_0800 (name in use), GALSS_0002."""
        with self._verrou:
            if appli in self._ouverts.values():
                raise codes.erreur(_DEJA_OUVERTE, ressource)
            if len(self._ouverts) >= SESSIONS_MAX:
                raise codes.erreur(_PLEIN, ressource)
            numero = next(self._numeros)
            self._ouverts[numero] = appli
            return numero

    def rendre(self, numero: int) -> None:
        with self._verrou:
            self._ouverts.pop(numero, None)


class Exclusivites:
    """`attente` and `pas` bound the wait for a channel taken by another application."""

    def __init__(
        self, attente: float, pas: float, horloge: Callable[[], float], dormir: Callable[[float], None]
    ) -> None:
        self._attente, self._pas = attente, pas
        self._horloge, self._dormir = horloge, dormir
        self._verrou = threading.Lock()
        self._numeros = count(1)
        self._prises: dict[int, _Prise] = {}

    def prendre(self, titulaire: Titulaire, canal: int) -> int:
        """A number to give back. Raises GALSS_0004 past the wait, GALSS_0008 when this application has it already."""
        echeance = self._horloge() + self._attente
        while True:
            numero = self._essayer(titulaire, canal)
            if numero:
                return numero
            if self._horloge() >= echeance:
                raise codes.erreur(_MONOPOLISE)
            self._dormir(self._pas)

    def rendre(self, client: object, numero: int) -> None:
        """Raises GALSS_1000 for a number that this client was not given."""
        with self._verrou:
            prise = self._prises.get(numero)
            if prise is None or prise.titulaire.client is not client:
                raise codes.erreur(_INCONNU)
            del self._prises[numero]

    def exiger(self, titulaire: Titulaire, canal: int) -> None:
        """Raise GALSS_0004 when another application has this channel for itself."""
        with self._verrou:
            if any(prise.canal == canal and prise.titulaire != titulaire for prise in self._prises.values()):
                raise codes.erreur(_MONOPOLISE)

    def oublier(self, titulaire: Titulaire) -> int:
        """Give back what this application still held; its number, 0 for nothing."""
        return self._retirer(lambda prise: prise.titulaire == titulaire)

    def oublier_client(self, client: object) -> None:
        """Give back everything that this client still held."""
        self._retirer(lambda prise: prise.titulaire.client is client)

    def _retirer(self, choisie: Callable[[_Prise], bool]) -> int:
        with self._verrou:
            tenues = [numero for numero, prise in self._prises.items() if choisie(prise)]
            for numero in tenues:
                del self._prises[numero]
        return tenues[0] if tenues else 0

    def _essayer(self, titulaire: Titulaire, canal: int) -> int:
        with self._verrou:
            for prise in self._prises.values():
                if prise.canal == canal:
                    if prise.titulaire == titulaire:
                        raise codes.erreur(_SEQUENCE)
                    return 0
            numero = next(self._numeros)
            self._prises[numero] = _Prise(titulaire, canal)
            return numero


class Partage:
    """What the clients of one manager have in common."""

    def __init__(
        self,
        attente: float = ATTENTE_S,
        pas: float = PAS_S,
        horloge: Callable[[], float] = time.monotonic,
        dormir: Callable[[float], None] = time.sleep,
    ) -> None:
        self.noms = Noms()
        self.exclusivites = Exclusivites(attente, pas, horloge, dormir)
