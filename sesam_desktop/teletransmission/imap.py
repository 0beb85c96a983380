"""One IMAP session over TLS, from the first byte or by STARTTLS, on one folder.

Messages are read without being marked as read, and named by their UID, which outlasts the session. What is marked
deleted is expunged at the end: by UID where the server can (UIDPLUS), else only when nobody else marked anything.
"""

from __future__ import annotations

import base64
import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

from .parametres import TLS, ParametresCourrier
from .retrait import LIGNE, REPONSE_MAXIMALE, TAILLE_MAXIMALE, MessageIllisible
from .serveur import (
    boite_occupee,
    contexte_tls,
    identification_impossible,
    identification_refusee,
    panne,
    reponse_sans_fin,
    tls_absent,
)

_OCCUPEE = ("[INUSE]", "[UNAVAILABLE]", "[LIMIT]")  # RFC 5530
_TAILLE = re.compile(rb"RFC822\.SIZE (\d+)")
_FIN_DE_LIGNE = re.compile(rb"(?<!\r)\n")


class _Borne:
    """Reads no more after a command than a server can have to say, whatever sizes it announces."""

    host: str
    _lignes, _litteraux = REPONSE_MAXIMALE, TAILLE_MAXIMALE

    def send(self, data: Any) -> None:
        self._lignes, self._litteraux = REPONSE_MAXIMALE, TAILLE_MAXIMALE
        super().send(data)  # type: ignore[misc]

    def readline(self) -> bytes:
        ligne: bytes = super().readline()  # type: ignore[misc]
        self._lignes -= max(len(ligne), LIGNE)
        if self._lignes < 0:
            raise reponse_sans_fin(self.host)
        return ligne

    def read(self, size: int) -> bytes:
        self._litteraux -= size
        if self._litteraux < 0:
            raise MessageIllisible("message plus gros qu'annoncé")
        octets: bytes = super().read(size)  # type: ignore[misc]
        return octets


class _ImapClair(_Borne, imaplib.IMAP4):
    """In clear words until STARTTLS."""


class _ImapTls(_Borne, imaplib.IMAP4_SSL):
    """Protected from the first byte."""


@contextmanager
def session_imap(parametres: ParametresCourrier) -> Iterator[SessionImap]:
    """An authenticated session on the folder; deletions are made when the block ends well."""
    imap = _ouvrir(parametres)
    try:
        session = SessionImap(imap, parametres)
        yield session
        session.purger()
    except MessageIllisible:
        with suppress(ErreurConnue):
            session.purger()
        raise
    finally:
        _quitter(imap)


class SessionImap:
    """The messages of the folder, by UID."""

    def __init__(self, imap: imaplib.IMAP4, parametres: ParametresCourrier) -> None:
        self._imap = imap
        self._parametres = parametres
        self._supprimes: list[str] = []

    def messages(self) -> list[tuple[int, str]]:
        """UID of each message; those already marked deleted too: they are expunged once kept here."""
        try:
            with _coupure(self._parametres):
                validite = b"".join(_plats(self._imap.response("UIDVALIDITY")[1])).decode("ascii", "replace")
                return [(uid, f"{validite}/{uid}") for uid in self._chercher("ALL")]
        except MessageIllisible:  # no message was asked
            raise reponse_sans_fin(self._parametres.pop_hote) from None

    def lire(self, rang: int) -> bytes:
        """The raw message, CRLF line ends. Raises MessageIllisible; one too big to be a return is not even asked."""
        with _coupure(self._parametres):
            try:
                octets = _FIN_DE_LIGNE.sub(b"\r\n", self._contenu(str(rang)))
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as erreur:
                raise MessageIllisible(str(erreur)) from None
            return octets if octets.endswith(b"\r\n") else octets + b"\r\n"

    def supprimer(self, rang: int) -> None:
        """Mark it deleted."""
        with _coupure(self._parametres):
            self._demander("STORE", str(rang), "+FLAGS.SILENT", r"(\Deleted)")
        self._supprimes.append(str(rang))

    def purger(self) -> None:
        """Expunge what this session marked, and nothing else."""
        uids, self._supprimes = self._supprimes, []
        if not uids:
            return
        with _coupure(self._parametres):
            if "UIDPLUS" in self._imap.capabilities:
                self._demander("EXPUNGE", ",".join(uids))
            elif {str(uid) for uid in self._chercher("DELETED")} <= set(uids):
                self._imap.expunge()

    def _contenu(self, uid: str) -> bytes:
        annonce = _TAILLE.search(b" ".join(_plats(self._demander("FETCH", uid, "(RFC822.SIZE)"))))
        if annonce is None or int(annonce[1]) > TAILLE_MAXIMALE:
            raise MessageIllisible("message trop gros, ou disparu")
        for morceau in self._demander("FETCH", uid, "(BODY.PEEK[])"):
            if isinstance(morceau, tuple):
                return bytes(morceau[1])
        raise MessageIllisible("message disparu")

    def _chercher(self, critere: str) -> list[int]:
        return [int(uid) for ligne in _plats(self._demander("SEARCH", critere)) for uid in ligne.split()]

    def _demander(self, *commande: str) -> list[Any]:
        """Answer of a command by UID."""
        etat, reponse = self._imap.uid(*commande)
        if etat != "OK":
            raise imaplib.IMAP4.error(f"{commande[0]} refusé")
        return reponse


def _plats(reponse: list[Any]) -> list[bytes]:
    return [b" ".join(m) if isinstance(m, tuple) else m or b"" for m in reponse]


@contextmanager
def _coupure(parametres: ParametresCourrier) -> Iterator[None]:
    try:
        yield
    except (imaplib.IMAP4.error, OSError, ValueError, IndexError) as erreur:  # gone, or words that are not IMAP
        raise panne(erreur, parametres.pop_hote, parametres.pop_port) from None


def _ouvrir(parametres: ParametresCourrier) -> imaplib.IMAP4:
    contexte, mot_de_passe = contexte_tls(parametres), parametres.mot_de_passe()
    p = parametres
    with _coupure(p):
        if p.retrait_protection == TLS:
            imap: imaplib.IMAP4 = _ImapTls(p.pop_hote, p.pop_port, ssl_context=contexte, timeout=p.delai_s)
        else:
            imap = _ImapClair(p.pop_hote, p.pop_port, timeout=p.delai_s)
    try:
        with _coupure(p):
            if p.retrait_protection != TLS:
                if "STARTTLS" not in imap.capabilities:
                    raise tls_absent(p.pop_hote)
                imap.starttls(contexte)
            _identifier(imap, p, mot_de_passe)
            _choisir(imap, p)
    except BaseException:
        _quitter(imap)
        raise
    return imap


def _identifier(imap: imaplib.IMAP4, parametres: ParametresCourrier, mot_de_passe: str) -> None:
    """One attempt: PLAIN carries any password in UTF-8, LOGIN only ASCII ones."""
    utilisateur = parametres.utilisateur
    try:
        if "AUTH=PLAIN" in imap.capabilities:
            imap.authenticate("PLAIN", lambda _defi: f"\0{utilisateur}\0{mot_de_passe}".encode())
        elif "LOGINDISABLED" in imap.capabilities:
            raise identification_impossible(parametres.pop_hote)
        else:
            imap.login(utilisateur, mot_de_passe)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as erreur:
        if any(code in str(erreur) for code in _OCCUPEE):
            raise boite_occupee(parametres.pop_hote) from None
        raise identification_refusee(parametres.pop_hote) from None


def _choisir(imap: imaplib.IMAP4, parametres: ParametresCourrier) -> None:
    try:
        etat, _ = imap.select(_guillemets(parametres.dossier))
    except imaplib.IMAP4.readonly:
        etat = "READ-ONLY"
    if etat != "OK":
        raise ErreurConnue(
            f"Le dossier « {parametres.dossier} » de la boîte aux lettres ne peut pas être ouvert pour y relever.",
            code="DOSSIER_INACCESSIBLE",
            action="Vérifiez le nom du dossier dans Paramètres, rubrique Messagerie.",
        )


def _guillemets(dossier: str) -> str:
    """A name as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3), between quotes."""
    morceaux = re.split(r"([^\x20-\x7e]+)", dossier.replace("&", "&-"))
    ecrit = "".join(_utf7(m) if rang % 2 else m for rang, m in enumerate(morceaux))
    return '"' + ecrit.replace("\\", r"\\").replace('"', r"\"") + '"'


def _utf7(texte: str) -> str:
    code = base64.b64encode(texte.encode("utf-16-be")).decode("ascii").rstrip("=")
    return f"&{code.replace('/', ',')}-"


def _quitter(imap: imaplib.IMAP4) -> None:
    """A server that has gone is no matter."""
    try:
        imap.logout()
    except (imaplib.IMAP4.error, OSError):
        with suppress(OSError):
            imap.shutdown()
