"""The connection of an SMTP session, to a server that may say anything: an answer has so many lines and no more."""

from __future__ import annotations

import smtplib
import socket
import ssl
from typing import Any

from .parametres import TLS, ParametresCourrier

_NOM = "[127.0.0.1]"  # said by EHLO: asking the network for our own name can take long, and tells it
_LIGNES_MAXIMUM = 200  # of one answer: smtplib keeps them all


class _LignesComptees:
    """The lines of one answer after another."""

    def __init__(self, fichier: Any) -> None:
        self._fichier = fichier
        self.reste = _LIGNES_MAXIMUM

    def readline(self, taille: int) -> bytes:
        self.reste -= 1
        if self.reste < 0:
            raise OSError("answer without end")  # as if the server had gone
        ligne: bytes = self._fichier.readline(taille)
        return ligne

    def close(self) -> None:
        self._fichier.close()


class _Borne:
    """Before smtplib's own class."""

    file: Any
    sock: Any

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _LignesComptees(self.sock.makefile("rb"))
        self.file.reste = _LIGNES_MAXIMUM
        reponse: tuple[int, bytes] = super().getreply()  # type: ignore[misc]
        return reponse


class _SmtpClair(_Borne, smtplib.SMTP):
    """In clear words until STARTTLS."""


class _SmtpTls(_Borne, smtplib.SMTP_SSL):
    """Protected from the first byte."""


def connecter(p: ParametresCourrier, contexte: ssl.SSLContext) -> smtplib.SMTP:
    """Greeted, not identified yet. Raises what smtplib does."""
    if p.smtp_protection == TLS:
        smtp: smtplib.SMTP = _SmtpTls(
            p.smtp_hote, p.smtp_port, local_hostname=_NOM, timeout=p.delai_s, context=contexte
        )
    else:
        smtp = _SmtpClair(p.smtp_hote, p.smtp_port, local_hostname=_NOM, timeout=p.delai_s)
    if smtp.sock is not None:  # the end of a message waits for no acknowledgement of what comes before it
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return smtp
