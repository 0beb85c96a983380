"""Who has a channel for itself: one application a channel at a time, others wait a bounded time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from . import codes

ATTENTE_S = 25.0
PAS_S = 0.1
_MONOPOLISE, _SEQUENCE, _INCONNU = 0x0004, 0x0008, 0x1000


@dataclass(frozen=True, slots=True)
class _Prise:
    appli: str
    canal: int


class Exclusivites:
    """`attente` and `pas` bound the wait for a channel taken by another application."""

    def __init__(
        self,
        attente: float = ATTENTE_S,
        pas: float = PAS_S,
        horloge: Callable[[], float] = time.monotonic,
        dormir: Callable[[float], None] = time.sleep,
    ) -> None:
        self._attente, self._pas = attente, pas
        self._horloge, self._dormir = horloge, dormir
        self._verrou = threading.Lock()
        self._numeros = count(1)
        self._prises: dict[int, _Prise] = {}

    def prendre(self, appli: str, canal: int) -> int:
        """A number to give back. Raises GALSS_0004 past the wait, GALSS_0008 when this application has it already."""
        echeance = self._horloge() + self._attente
        while True:
            numero = self._essayer(appli, canal)
            if numero:
                return numero
            if self._horloge() >= echeance:
                raise codes.erreur(_MONOPOLISE)
            self._dormir(self._pas)

    def rendre(self, numero: int) -> None:
        """Raises GALSS_1000 for a number that was not given."""
        with self._verrou:
            if self._prises.pop(numero, None) is None:
                raise codes.erreur(_INCONNU)

    def exiger(self, appli: str, canal: int) -> None:
        """Raise GALSS_0004 when another application has this channel for itself."""
        with self._verrou:
            if any(prise.canal == canal and prise.appli != appli for prise in self._prises.values()):
                raise codes.erreur(_MONOPOLISE)

    def oublier(self, appli: str) -> int:
        """Give back what this application still held; its number, 0 for nothing."""
        with self._verrou:
            tenues = [numero for numero, prise in self._prises.items() if prise.appli == appli]
            for numero in tenues:
                del self._prises[numero]
        return tenues[0] if tenues else 0

    def _essayer(self, appli: str, canal: int) -> int:
        with self._verrou:
            for prise in self._prises.values():
                if prise.canal == canal:
                    if prise.appli == appli:
                        raise codes.erreur(_SEQUENCE)
                    return 0
            numero = next(self._numeros)
            self._prises[numero] = _Prise(appli, canal)
            return numero
