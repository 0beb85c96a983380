"""The submission server: STARTTLS first, then AUTH PLAIN or LOGIN, then mail. 250 means stored and synced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.cred.error import UnauthorizedLogin
from twisted.internet import defer
from twisted.internet.protocol import connectionDone
from twisted.mail.imap4 import IllegalClientResponse, LOGINCredentials, PLAINCredentials
from twisted.mail.smtp import COMMAND, ESMTP, IMessage, IMessageDelivery, SMTPServerError, User
from twisted.python import log
from zope.interface import implementer

from .acces import CompteUnique, portail
from .ecoute import Fabrique
from .goutte import Goutte
from .regle import Coupure, Etape, IncidentSmtp, Tls
from .scene import Scene

TAILLE_MAXIMALE = 20_000_000

Depot = Callable[[bytes, str, str], None]
"""Stores one message (octets, sender, recipient) for good, or raises."""


class Coupe(Exception):
    """The connection must drop instead of an answer."""


@implementer(IMessage)
class MessageEntrant:
    """Collects the lines of one message, then stores it whole."""

    def __init__(self, deposer: Depot, scene: Scene, expediteur: str, destinataire: str) -> None:
        self._deposer, self._scene, self._adresses = deposer, scene, (expediteur, destinataire)
        self._lignes: list[bytes] = []
        self._taille = 0

    def lineReceived(self, line: bytes) -> None:
        self._taille += len(line) + 2
        if self._taille > TAILLE_MAXIMALE:
            raise SMTPServerError(552, b"5.3.4 Message trop volumineux")
        self._lignes.append(line)

    def eomReceived(self) -> Any:
        octets = b"\r\n".join([*self._lignes, b""])
        return defer.maybeDeferred(self._garder, octets, self._scene.smtp(Etape.CONTENU))

    def _garder(self, octets: bytes, incident: IncidentSmtp | None) -> None:
        if incident and incident.code:
            raise SMTPServerError(incident.code, incident.texte.encode())
        if incident is None or incident.coupure is Coupure.APRES:
            self._deposer(octets, *self._adresses)
        if incident:
            raise Coupe

    def connectionLost(self) -> None:
        self._lignes = []


@implementer(IMessageDelivery)
class Livraison:
    """Accepts any recipient: the frontal answers for every organism of the demonstration."""

    def __init__(self, deposer: Depot, scene: Callable[[], Scene]) -> None:
        self._deposer, self._scene = deposer, scene
        self._expediteur = ""

    def validateFrom(self, helo: Any, origin: Any) -> Any:
        self._expediteur = str(origin)
        return origin

    def validateTo(self, user: User) -> Callable[[], MessageEntrant]:
        scene, destinataire = self._scene(), str(user)
        if incident := scene.smtp(Etape.DESTINATAIRE, self._expediteur, destinataire):
            raise SMTPServerError(incident.code, incident.texte)  # twisted wants text here, bytes in DATA
        return lambda: MessageEntrant(self._deposer, scene, self._expediteur, destinataire)

    def receivedHeader(self, helo: Any, origin: Any, recipients: Any) -> bytes:
        return b""


class ServeurSmtp(ESMTP):
    """ESMTP that neither offers nor accepts AUTH in clear, nor mail before AUTH."""

    factory: Fabrique
    transport: Any

    def __init__(self, contexte_tls: Any, scene: Callable[[], Scene]) -> None:
        super().__init__({b"PLAIN": PLAINCredentials, b"LOGIN": LOGINCredentials}, contexte_tls)
        self._scene = scene

    def connectionMade(self) -> None:
        self.transport.setTcpNoDelay(True)  # answers are small: never kept until the one before is acknowledged
        scene = self._scene()
        if incident := scene.smtp(Etape.ACCUEIL):
            self.sendCode(incident.code, incident.texte.encode())
            self.transport.loseConnection()
            return
        super().connectionMade()
        self.canStartTLS = self.canStartTLS and scene.scenario.tls is not Tls.ABSENT
        if scene.scenario.goutte_s:
            self.transport = Goutte(self.transport, scene.scenario.goutte_s)

    def connectionLost(self, reason: Any = connectionDone) -> None:
        super().connectionLost(reason)
        self.factory.ouvertes.discard(self)

    def extensions(self) -> dict[bytes, Any]:
        offre = super().extensions()
        offre[b"SIZE"] = [str(TAILLE_MAXIMALE).encode()]
        if not self.startedTLS:
            del offre[b"AUTH"]
        return offre

    def ext_AUTH(self, rest: bytes) -> None:
        if not self.startedTLS:
            self.sendCode(530, b"5.7.0 Must issue a STARTTLS command first")
        elif not rest:
            self.sendCode(501, b"5.5.4 Mechanism expected")
        elif incident := self._scene().smtp(Etape.IDENTIFICATION):
            self.sendCode(incident.code, incident.texte.encode())
        else:
            super().ext_AUTH(rest)

    def state_AUTH(self, response: bytes | None) -> None:
        try:
            super().state_AUTH(response)
        except IllegalClientResponse:
            self.mode = COMMAND
            self.sendCode(501, b"5.5.2 Malformed response")

    def _ebAuthenticated(self, reason: Any) -> None:
        reason.trap(UnauthorizedLogin)
        self.sendCode(535, b"5.7.8 Authentication failed")

    def validateFrom(self, helo: Any, origin: Any) -> Any:
        if not self.authenticated:
            raise SMTPServerError(530, "5.7.0 Authentication required")
        return super().validateFrom(helo, origin)

    def _messageHandled(self, resultList: Any) -> None:
        """Twisted answers 550 to any failure; a message we could not store must be sent again, so 4xx."""
        echecs = [echec for reussi, echec in resultList if not reussi]
        if not echecs:
            self.sendCode(250, b"2.0.0 Stored")
            return
        if echecs[0].check(SMTPServerError):
            self.sendCode(echecs[0].value.code, echecs[0].value.resp)
            return
        if echecs[0].check(Coupe):
            self.transport.abortConnection()
            return
        log.err(echecs[0])
        self.sendCode(452, b"4.3.1 Insufficient system storage")


def fabrique(deposer: Depot, compte: CompteUnique, contexte_tls: Any, scene: Callable[[], Scene]) -> Fabrique:
    """Factory of the SMTP server; `scene` gives the scenario being played."""
    entree = portail(compte, IMessageDelivery, lambda: Livraison(deposer, scene))

    def creer() -> ServeurSmtp:
        serveur = ServeurSmtp(contexte_tls, scene)
        serveur.portal, serveur.noisy, serveur.host = entree, False, b"frontal.invalid"
        return serveur

    return Fabrique(creer)
