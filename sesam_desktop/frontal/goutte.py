"""A transport that speaks drop by drop: each byte written leaves some time after the one before."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any


class Goutte:
    """Stands for a twisted transport; what is not writing goes straight to it."""

    def __init__(self, transport: Any, intervalle_s: float) -> None:
        self._transport, self._intervalle_s = transport, intervalle_s
        self._reste: deque[int] = deque()
        self._prevu: Any = None

    def __getattr__(self, nom: str) -> Any:
        return getattr(self._transport, nom)

    def write(self, octets: bytes) -> None:
        self._reste.extend(octets)
        if self._prevu is None:
            self._goutter()

    def writeSequence(self, suite: Iterable[bytes]) -> None:
        self.write(b"".join(suite))

    def startTLS(self, *arguments: Any) -> None:
        """What is said in clear must be said before."""
        self._vider()
        self._transport.startTLS(*arguments)

    def loseConnection(self, *arguments: Any) -> None:
        self._vider()
        self._transport.loseConnection(*arguments)

    def _goutter(self) -> None:
        from twisted.internet import reactor

        tourne: Any = reactor
        self._prevu = None
        if self._reste:
            self._transport.write(bytes((self._reste.popleft(),)))
            self._prevu = tourne.callLater(self._intervalle_s, self._goutter)

    def _vider(self) -> None:
        self._transport.write(bytes(self._reste))
        self._reste.clear()
