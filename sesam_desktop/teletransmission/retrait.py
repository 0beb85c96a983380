"""One way to empty a mailbox, whichever protocol reads it: messages one by one, each deleted when the caller says so.

Deletions take effect at the end of a session left properly; a session that breaks leaves the mailbox as it was, and
what was fetched comes back next time (recognised by its content).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sesam_desktop.flux.message import TAILLE_MAX

from .parametres import IMAP, ParametresCourrier

REPONSE_MAXIMALE = 8_000_000  # of an answer that is no message: the list of 100,000 of them
LIGNE = 64  # bytes that a line takes in memory, even an empty one
TAILLE_MAXIMALE = TAILLE_MAX  # of a return, a mail or a file: nothing is fetched that would not be read


class MessageIllisible(Exception):
    """The server cannot give this message (protocol error, too big): the others need a new session."""


class SessionRetrait(Protocol):
    """An authenticated session."""

    def messages(self) -> list[tuple[int, str]]:
        """Rank in this session and lasting identifier of each message that waits."""
        ...

    def lire(self, rang: int) -> bytes:
        """The raw message, CRLF line ends. Raises MessageIllisible; one too big to be a return is not even asked."""
        ...

    def supprimer(self, rang: int) -> None:
        """Mark it deleted."""
        ...


def ouvrir(parametres: ParametresCourrier) -> AbstractContextManager[SessionRetrait]:
    """The mailbox of the account, by the protocol of its settings. Raises ErreurConnue when it cannot be used."""
    if parametres.retrait == IMAP:
        from .imap import session_imap

        return session_imap(parametres)
    from .pop import session_pop

    return session_pop(parametres)
