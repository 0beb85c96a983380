"""One SMTP submission session: TLS with a checked certificate, AUTH, then messages, each with its verdict.

What concerns the whole session (server down, wrong certificate, password refused) is an ErreurConnue and says nothing
about any message. What concerns one message is a `Verdict`.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType

from .parametres import ADRESSE, TLS, ParametresCourrier
from .serveur import contexte_tls, identification_refusee, injoignable, panne, tls_absent
from .smtp_connexion import connecter
from .smtp_identification import identifier

_ENRICHI = re.compile(r"([245])\.\d{1,3}\.\d{1,3}\b")  # RFC 3463, first word of the server's answer
_TAILLE = re.compile(r"[0-9]{1,20}")  # RFC 1870
_POINT = re.compile(rb"(?m)^\.")


class Sort(StrEnum):
    """What became of a message handed to the server."""

    REMISE = "remise"              # 250 after its data: the server answers for it
    REPORTEE = "en_attente"        # refused for now, or the answer was lost: sent again with the same Message-ID
    REFUSEE = "en_quarantaine"     # refused for good: somebody must look


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reponse`: the server's words. `incertain`: everything was said and no answer came, the server may have it."""

    sort: Sort
    reponse: str
    incertain: bool = False


class SessionSmtp:
    """Context manager over one authenticated connection, opened with the first message."""

    def __init__(self, parametres: ParametresCourrier) -> None:
        self._parametres = parametres
        self._smtp: smtplib.SMTP | None = None
        self._tout_dit = False

    def __enter__(self) -> SessionSmtp:
        return self

    def __exit__(self, _t: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        self.fermer()

    def envoyer(self, destinataire: str, octets: bytes) -> Verdict:
        """Hand one message over. Raises only what concerns the session. One too big is not even proposed."""
        self._tout_dit = False
        if not ADRESSE.fullmatch(destinataire):  # smtplib would send to what it makes of it
            return Verdict(Sort.REFUSEE, "adresse du destinataire illisible")
        if refus := _trop_gros(octets, self._parametres.taille_maximale, "le réglage de ce poste"):
            return refus
        smtp = self._smtp or self._ouvrir()
        if refus := _trop_gros(octets, _limite(smtp), "ce serveur"):
            return refus
        try:
            return self._remettre(smtp, destinataire, octets)
        except (smtplib.SMTPException, OSError) as erreur:
            return self._interrompu(type(erreur).__name__)

    def verifier(self) -> None:
        """Open the session and nothing more: raises what concerns it (server, certificate, password)."""
        if self._smtp is None:
            self._ouvrir()

    def fermer(self) -> None:
        """Say goodbye if the session still lives; a server that has gone is no matter."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                smtp.quit()
            except (smtplib.SMTPException, OSError):
                smtp.close()

    def _remettre(self, smtp: smtplib.SMTP, destinataire: str, octets: bytes) -> Verdict:
        taille = [f"size={len(octets)}"] if smtp.has_extn("size") else []
        etapes: tuple[tuple[Callable[[], tuple[int, bytes]], tuple[int, ...]], ...] = (
            (lambda: smtp.mail(self._parametres.adresse_emetteur, taille), (250,)),
            (lambda: smtp.rcpt(destinataire), (250, 251)),
            (lambda: smtp.docmd("DATA"), (354,)),
            (lambda: self._donner(smtp, octets), (250,)),
        )
        for dire, attendus in etapes:
            code, mots = dire()
            if code not in attendus:
                return self._refuser(smtp, code, mots)
        return Verdict(Sort.REMISE, _mots(code, mots))

    def _donner(self, smtp: smtplib.SMTP, octets: bytes) -> tuple[int, bytes]:
        smtp.send(_corps(octets))
        self._tout_dit = True
        return smtp.getreply()

    def _refuser(self, smtp: smtplib.SMTP, code: int, texte: bytes) -> Verdict:
        """4xx is for later; 421 closes; 530 and 535 say that the account, not the message, is at fault."""
        if code in (530, 535):
            raise identification_refusee(self._parametres.smtp_hote)
        if not 400 <= code < 600:
            return self._interrompu(f"réponse incomprise : {_mots(code, texte)}")
        mots = _mots(code, texte)
        if code == 421:
            self._abandonner()
        else:
            with suppress(smtplib.SMTPException, OSError):  # gone meanwhile: the next message opens another session
                smtp.rset()
        return Verdict(Sort.REPORTEE if _temporaire(code, texte) else Sort.REFUSEE, mots)

    def _interrompu(self, raison: str) -> Verdict:
        self._abandonner()
        quand = "après la fin du message, sans réponse" if self._tout_dit else "avant la fin du message"
        return Verdict(Sort.REPORTEE, f"connexion interrompue {quand} ({raison})"[:500], self._tout_dit)

    def _abandonner(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None

    def _ouvrir(self) -> smtplib.SMTP:
        p = self._parametres
        contexte = contexte_tls(p)
        mot_de_passe = p.mot_de_passe() if p.utilisateur else ""
        try:
            smtp = connecter(p, contexte)
        except smtplib.SMTPConnectError as erreur:
            raise injoignable(p.smtp_hote, p.smtp_port, _mots(erreur.smtp_code, erreur.smtp_error)) from None
        except (smtplib.SMTPException, OSError, UnicodeError) as erreur:
            raise panne(erreur, p.smtp_hote, p.smtp_port) from None
        try:
            self._securiser(smtp, contexte, mot_de_passe)
        except BaseException:
            smtp.close()
            raise
        self._smtp = smtp
        return smtp

    def _securiser(self, smtp: smtplib.SMTP, contexte: ssl.SSLContext, mot_de_passe: str) -> None:
        p = self._parametres
        try:
            if p.smtp_protection != TLS:
                smtp.starttls(context=contexte)
            smtp.ehlo_or_helo_if_needed()
            if p.utilisateur:
                identifier(smtp, p.smtp_hote, p.utilisateur, mot_de_passe)
        except smtplib.SMTPNotSupportedError:
            raise tls_absent(p.smtp_hote) from None
        except smtplib.SMTPAuthenticationError as erreur:
            if 400 <= erreur.smtp_code < 500:
                mots = _mots(erreur.smtp_code, erreur.smtp_error)
                raise injoignable(p.smtp_hote, p.smtp_port, mots) from None
            raise identification_refusee(p.smtp_hote) from None
        except (smtplib.SMTPException, OSError, ValueError) as erreur:  # ValueError: a challenge that is not base 64
            raise panne(erreur, p.smtp_hote, p.smtp_port) from None


def _trop_gros(octets: bytes, limite: int, qui: str) -> Verdict | None:
    if not 0 < limite < len(octets):
        return None
    tailles = f"{_ko(len(octets))}, {qui} n'en accepte que {_ko(limite)}"
    return Verdict(Sort.REFUSEE, f"message trop gros : {tailles}")


def _ko(taille: int) -> str:
    return f"{taille / 1000:.0f} ko"


def _limite(smtp: smtplib.SMTP) -> int:
    """Most bytes the server takes (RFC 1870), 0 when it does not say."""
    annoncee = smtp.esmtp_features.get("size", "")
    return int(annoncee) if _TAILLE.fullmatch(annoncee) else 0


def _corps(octets: bytes) -> bytes:
    """Dots doubled at the start of lines, the lone dot at the end (RFC 5321, 4.5.2)."""
    if octets.startswith(b".") or b"\n." in octets:
        octets = _POINT.sub(b"..", octets)
    return octets + (b".\r\n" if octets.endswith(b"\r\n") else b"\r\n.\r\n")


def _mots(code: int, texte: bytes | str) -> str:
    """One line that can be shown and kept."""
    mots = texte.decode("utf-8", "replace") if isinstance(texte, bytes) else texte
    mots = "".join(c if c.isprintable() else " " for c in mots)
    return f"{code} {' '.join(mots.split())}"[:500]


def _temporaire(code: int, texte: bytes) -> bool:
    """When the two codes disagree, wait: trying again costs nothing, a quarantine waits for somebody."""
    enrichi = _ENRICHI.match(texte.decode("ascii", "replace").strip())
    return code < 500 or (enrichi is not None and enrichi[1] == "4")
