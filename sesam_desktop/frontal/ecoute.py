"""A listening port on the shared reactor, and the connections it accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet import defer, reactor
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import ServerFactory

from sesam_desktop.noyau.erreurs import ErreurConnue

from . import reacteur


class Fabrique(ServerFactory):
    """A quiet server factory that knows its open connections; each protocol takes itself out when it ends."""

    noisy = False

    def __init__(self, creer: Callable[[], Any]) -> None:
        self._creer = creer
        self.ouvertes: set[Any] = set()

    def buildProtocol(self, addr: Any) -> Any:
        protocole = self._creer()
        protocole.factory = self
        self.ouvertes.add(protocole)
        return protocole


class Ecoute:
    """One server on 127.0.0.1; its protocols start TLS themselves. To be used from any thread."""

    def __init__(self, port: int, fabrique: Fabrique) -> None:
        self._fabrique = fabrique
        try:
            self._port = reacteur.appeler(self._ecouter, port)
        except CannotListenError:
            raise ErreurConnue(
                f"Le port {port} est déjà utilisé sur ce poste.",
                code="PORT_OCCUPE",
                action="Arrêtez l'autre programme ou choisissez un autre port.",
            ) from None

    @property
    def port(self) -> int:
        """The port really used."""
        return self._port.getHost().port

    def fermer(self) -> None:
        """Stop listening and cut every connection."""
        reacteur.appeler(self._fermer)

    def _ecouter(self, port: int) -> Any:
        tourne: Any = reactor
        return tourne.listenTCP(port, self._fabrique, interface="127.0.0.1")

    def _fermer(self) -> Any:
        for protocole in list(self._fabrique.ouvertes):
            protocole.transport.abortConnection()
        return defer.maybeDeferred(self._port.stopListening)
