"""The mailbox server: POP3 inside TLS. A message marked by DELE leaves the mailbox at QUIT, never before."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from twisted.internet.protocol import connectionDone
from twisted.mail.pop3 import POP3, IMailbox, POP3Error
from zope.interface import implementer

from .acces import CompteUnique, portail
from .ecoute import Fabrique
from .goutte import Goutte
from .registre import Registre
from .regle import Scenario, Tls


@implementer(IMailbox)
class Boite:
    """What one session sees: the mails there were at login."""

    def __init__(self, registre: Registre) -> None:
        self._registre = registre
        self._courriers = registre.courriers()
        self._marques: set[int] = set()

    def listMessages(self, index: int | None = None) -> Any:
        if index is None:
            return [self._taille(rang) for rang in range(len(self._courriers))]
        self._exiger(index)
        return self._taille(index)

    def getMessage(self, index: int) -> io.BytesIO:
        octets = self._registre.courrier(self._courriers[index].numero)
        return io.BytesIO(octets.replace(b"\r\n", b"\n"))

    def getUidl(self, index: int) -> bytes:
        self._exiger(index)
        return self._courriers[index].uid.encode()

    def deleteMessage(self, index: int) -> None:
        self._exiger(index)
        self._marques.add(index)

    def undeleteMessages(self) -> None:
        self._marques.clear()

    def sync(self) -> None:
        self._registre.retirer_courriers([self._courriers[rang].numero for rang in sorted(self._marques)])
        self._marques.clear()

    def _taille(self, index: int) -> int:
        return 0 if index in self._marques else self._courriers[index].taille

    def _exiger(self, index: int) -> None:
        if not 0 <= index < len(self._courriers):
            raise ValueError(index)


class ServeurPop(POP3):
    """POP3 whose refusals are answers, not entries in the error log."""

    factory: Any
    transport: Any
    _debut_de_ligne = True

    def __init__(self, contexte_tls: Any, regle: Scenario) -> None:
        self._contexte_tls, self._regle = contexte_tls, regle

    def connectionMade(self) -> None:
        self.transport.setTcpNoDelay(True)  # answers are small: never kept until the one before is acknowledged
        if self._regle.tls is not Tls.ABSENT:
            self.transport.startTLS(self._contexte_tls)
        if self._regle.goutte_s:
            self.transport = Goutte(self.transport, self._regle.goutte_s)
        super().connectionMade()

    def connectionLost(self, reason: Any = connectionDone) -> None:
        super().connectionLost(reason)
        self.factory.ouvertes.discard(self)

    def state_COMMAND(self, line: bytes) -> Any:
        try:
            return self.processCommand(*line.split(b" "))
        except (ValueError, TypeError, POP3Error) as erreur:
            self.failResponse(b"Commande refusee: " + type(erreur).__name__.encode())

    def transformChunk(self, chunk: bytes) -> bytes:
        """CRLF and dot-stuffing, also for a dot that opens a chunk (twisted forgets that one)."""
        transforme = super().transformChunk(chunk)
        if self._debut_de_ligne and chunk.startswith(b"."):
            transforme = b"." + transforme
        self._debut_de_ligne = chunk.endswith(b"\n")
        return transforme


def fabrique(registre: Registre, compte: CompteUnique, contexte_tls: Any, regle: Callable[[], Scenario]) -> Fabrique:
    """Factory of the POP3 server; `regle` gives the scenario that a connection is played by."""
    entree = portail(compte, IMailbox, lambda: Boite(registre))

    def creer() -> ServeurPop:
        serveur = ServeurPop(contexte_tls, regle())
        serveur.portal = entree
        return serveur

    return Fabrique(creer)
