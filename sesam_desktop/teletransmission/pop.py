"""One POP3 session over TLS: messages one by one, each deleted only when the caller says so.

Deletions take effect at the end of a session left properly; a session that breaks leaves the mailbox as it was, and
what was fetched comes back next time (recognised by its content).
"""

from __future__ import annotations

import poplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

from .parametres import ParametresCourrier
from .serveur import certificat_refuse, contexte_tls, identification_refusee, injoignable

TAILLE_MAXIMALE = 50_000_000  # of a return: a mail or a file
_PARTI = ("-ERR EOF",)  # poplib's words for a server that has gone


class MessageIllisible(Exception):
    """The server cannot give this message (protocol error): the session is over, the others need a new one."""


@contextmanager
def session_pop(parametres: ParametresCourrier) -> Iterator[SessionPop]:
    """An authenticated session, left with QUIT when the block ends well, dropped otherwise."""
    pop = _ouvrir(parametres)
    try:
        yield SessionPop(pop, parametres)
        with _coupure(parametres):
            pop.quit()
    except MessageIllisible:
        with suppress(poplib.error_proto, OSError):
            pop.quit()
        raise
    finally:
        pop.close()


class SessionPop:
    """The messages of the mailbox, by rank from 1."""

    def __init__(self, pop: poplib.POP3_SSL, parametres: ParametresCourrier) -> None:
        self._pop = pop
        self._parametres = parametres

    def messages(self) -> list[tuple[int, str]]:
        """Rank and lasting identifier of each message that waits."""
        with _coupure(self._parametres):
            lignes = (ligne.decode("ascii", "replace").split(" ", 1) for ligne in self._pop.uidl()[1])
            return [(int(rang), uid) for rang, uid in lignes]

    def lire(self, rang: int) -> bytes:
        """The raw message, CRLF line ends. Raises MessageIllisible; one too big to be a return is not even asked."""
        with _coupure(self._parametres):
            try:
                vue: Any = self._pop.list(rang)  # bytes: "+OK rank size"
                if int(vue.split()[2]) > TAILLE_MAXIMALE:
                    raise MessageIllisible("message trop gros")
                return b"\r\n".join(self._pop.retr(rang)[1]) + b"\r\n"
            except poplib.error_proto as erreur:
                if erreur.args == _PARTI:
                    raise
                raise MessageIllisible(str(erreur)) from None

    def supprimer(self, rang: int) -> None:
        """Mark it deleted."""
        with _coupure(self._parametres):
            self._pop.dele(rang)


@contextmanager
def _coupure(parametres: ParametresCourrier) -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise certificat_refuse(parametres.pop_hote) from None
    except (poplib.error_proto, OSError, ValueError, IndexError):  # gone, or words that are not POP3
        raise injoignable(parametres.pop_hote, parametres.pop_port) from None


def _ouvrir(parametres: ParametresCourrier) -> poplib.POP3_SSL:
    p = parametres
    contexte, mot_de_passe = contexte_tls(p), p.mot_de_passe()
    with _coupure(p):
        pop = poplib.POP3_SSL(p.pop_hote, p.pop_port, timeout=p.delai_s, context=contexte)
    try:
        _identifier(pop, p, mot_de_passe)
    except BaseException:
        pop.close()
        raise
    return pop


def _identifier(pop: poplib.POP3_SSL, parametres: ParametresCourrier, mot_de_passe: str) -> None:
    with _coupure(parametres):
        try:
            pop.user(parametres.utilisateur)
            pop.pass_(mot_de_passe)
        except poplib.error_proto as erreur:
            raise _refus(parametres.pop_hote, str(erreur)) from None


def _refus(hote: str, reponse: str) -> ErreurConnue:
    """A mailbox locked by another session is not a wrong password (RFC 2449, response codes)."""
    if "[IN-USE]" in reponse or "[SYS/TEMP]" in reponse:
        return ErreurConnue(
            f"La boîte aux lettres est déjà ouverte ou momentanément indisponible sur {hote}.",
            code="BOITE_OCCUPEE",
            action="Recommencez dans une minute : rien n'est perdu.",
        )
    return identification_refusee(hote)
