"""One POP3 session over TLS, from the first byte or by STLS."""

from __future__ import annotations

import poplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

from .parametres import TLS, ParametresCourrier
from .retrait import LIGNE, REPONSE_MAXIMALE, TAILLE_MAXIMALE, MessageIllisible
from .serveur import boite_occupee, contexte_tls, identification_refusee, panne, reponse_sans_fin, tls_absent

_PARTI = ("-ERR EOF",)  # poplib's words for a server that has gone


class _Ferme:
    """Lets go of its socket when the server does not greet: poplib leaves it open."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        try:
            super().__init__(*arguments, **options)
        except BaseException:
            if hasattr(self, "file"):
                self.close()  # type: ignore[attr-defined]
            raise


class _PopClair(_Ferme, poplib.POP3):
    """In clear words until STLS."""


class _PopTls(_Ferme, poplib.POP3_SSL):
    """Protected from the first byte."""


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

    def __init__(self, pop: poplib.POP3, parametres: ParametresCourrier) -> None:
        self._pop = pop
        self._parametres = parametres

    def messages(self) -> list[tuple[int, str]]:
        """Rank and lasting identifier of each message that waits."""
        trop = reponse_sans_fin(self._parametres.pop_hote)
        with _coupure(self._parametres), _borne(self._pop, REPONSE_MAXIMALE, trop):
            lignes = (ligne.decode("ascii", "replace").split(" ", 1) for ligne in self._pop.uidl()[1])
            return [(int(rang), uid) for rang, uid in lignes]

    def lire(self, rang: int) -> bytes:
        """The raw message, CRLF line ends. Raises MessageIllisible; one too big to be a return is not even asked."""
        with _coupure(self._parametres):
            try:
                vue: Any = self._pop.list(rang)  # bytes: "+OK rank size"
                if int(vue.split()[2]) > TAILLE_MAXIMALE:
                    raise MessageIllisible("message trop gros")
                # Twice: dots and line ends on the wire.
                with _borne(self._pop, TAILLE_MAXIMALE * 2, MessageIllisible("message plus gros qu'annoncé")):
                    return b"\r\n".join(self._pop.retr(rang)[1]) + b"\r\n"
            except poplib.error_proto as erreur:
                if erreur.args == _PARTI:
                    raise
                raise MessageIllisible(str(erreur)) from None

    def supprimer(self, rang: int) -> None:
        """Mark it deleted."""
        with _coupure(self._parametres):
            self._pop.dele(rang)


class _FichierBorne:
    """Reads no more than `reste`, whatever the server had announced, and however short its lines."""

    def __init__(self, fichier: Any, reste: int, trop: Exception) -> None:
        self._fichier = fichier
        self._reste = reste
        self._trop = trop

    def readline(self, taille: int) -> bytes:
        ligne: bytes = self._fichier.readline(taille)
        self._reste -= max(len(ligne), LIGNE)
        if self._reste < 0:
            raise self._trop
        return ligne


@contextmanager
def _borne(pop: Any, maximum: int, trop: Exception) -> Iterator[None]:
    """No answer longer than `maximum` within the block. What STLS puts in its place is left there."""
    fichier = pop.file
    pop.file = borne = _FichierBorne(fichier, maximum, trop)
    try:
        yield
    finally:
        if pop.file is borne:
            pop.file = fichier


@contextmanager
def _coupure(parametres: ParametresCourrier) -> Iterator[None]:
    try:
        yield
    except (poplib.error_proto, OSError, ValueError, IndexError) as erreur:  # gone, or words that are not POP3
        raise panne(erreur, parametres.pop_hote, parametres.pop_port) from None


def _ouvrir(parametres: ParametresCourrier) -> poplib.POP3:
    contexte, mot_de_passe = contexte_tls(parametres), parametres.mot_de_passe()
    p = parametres
    with _coupure(p):
        if p.retrait_protection == TLS:
            pop: poplib.POP3 = _PopTls(p.pop_hote, p.pop_port, timeout=p.delai_s, context=contexte)
        else:
            pop = _PopClair(p.pop_hote, p.pop_port, timeout=p.delai_s)
    try:
        if p.retrait_protection != TLS:
            with _coupure(p), _borne(pop, REPONSE_MAXIMALE, reponse_sans_fin(p.pop_hote)):
                if "STLS" not in pop.capa():
                    raise tls_absent(p.pop_hote)
                pop.stls(contexte)
        _identifier(pop, p, mot_de_passe)
    except BaseException:
        pop.close()
        raise
    return pop


def _identifier(pop: poplib.POP3, parametres: ParametresCourrier, mot_de_passe: str) -> None:
    with _coupure(parametres):
        try:
            pop.user(parametres.utilisateur)
            pop.pass_(mot_de_passe)
        except poplib.error_proto as erreur:
            if erreur.args == _PARTI:
                raise
            raise _refus(parametres.pop_hote, str(erreur)) from None


def _refus(hote: str, reponse: str) -> ErreurConnue:
    """A mailbox locked by another session is not a wrong password (RFC 2449 and 3206, response codes)."""
    if "[IN-USE]" in reponse or "[SYS/TEMP]" in reponse or "[LOGIN-DELAY]" in reponse:
        return boite_occupee(hote)
    return identification_refusee(hote)
