"""One SMTP submission session: STARTTLS with a checked certificate, AUTH, then messages, each with its verdict.

What concerns the whole session (server down, wrong certificate, password refused) is an ErreurConnue and says nothing
about any message. What concerns one message is a `Verdict`.
"""

from __future__ import annotations

import base64
import smtplib
import ssl
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType

from sesam_desktop.noyau.erreurs import ErreurConnue

from .parametres import ParametresCourrier
from .serveur import certificat_refuse, contexte_tls, identification_refusee, injoignable

_NOM = "[127.0.0.1]"  # said by EHLO: asking the network for our own name can take long, and tells it


class Sort(StrEnum):
    """What became of a message handed to the server."""

    REMISE = "remise"              # 250 after its data: the server answers for it
    REPORTEE = "en_attente"        # refused for now, or the answer was lost: sent again with the same Message-ID
    REFUSEE = "en_quarantaine"     # refused for good: somebody must look


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reponse`: the server's words."""

    sort: Sort
    reponse: str


class SessionSmtp:
    """Context manager over one authenticated connection."""

    def __init__(self, parametres: ParametresCourrier) -> None:
        self._parametres = parametres
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> SessionSmtp:
        return self

    def __exit__(self, _t: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        self.fermer()

    def envoyer(self, destinataire: str, octets: bytes) -> Verdict:
        """Hand one message over, opening the session when there is none. Raises only what concerns the session."""
        smtp = self._smtp or self._ouvrir()
        try:
            smtp.sendmail(self._parametres.adresse_emetteur, [destinataire], octets)
        except smtplib.SMTPRecipientsRefused as erreur:
            return self._refus(*erreur.recipients[destinataire])
        except smtplib.SMTPResponseException as erreur:
            return self._refus(erreur.smtp_code, erreur.smtp_error)
        except (smtplib.SMTPException, OSError) as erreur:
            self._abandonner()
            return Verdict(Sort.REPORTEE, f"connexion interrompue ({type(erreur).__name__})")
        return Verdict(Sort.REMISE, "250")

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

    def _refus(self, code: int, texte: bytes | str) -> Verdict:
        """4xx is for later; 421 closes; 530 and 535 say that the account, not the message, is at fault."""
        if code in (530, 535):
            raise identification_refusee(self._parametres.smtp_hote)
        mots = texte.decode("utf-8", "replace") if isinstance(texte, bytes) else texte
        if code == 421:
            self._abandonner()
        sort = Sort.REPORTEE if 400 <= code < 500 else Sort.REFUSEE
        return Verdict(sort, f"{code} {' '.join(mots.split())}"[:500])

    def _abandonner(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None

    def _ouvrir(self) -> smtplib.SMTP:
        p = self._parametres
        contexte = contexte_tls(p)
        mot_de_passe = p.mot_de_passe() if p.utilisateur else ""
        try:
            smtp = smtplib.SMTP(p.smtp_hote, p.smtp_port, local_hostname=_NOM, timeout=p.delai_s)
        except (smtplib.SMTPException, OSError):
            raise injoignable(p.smtp_hote, p.smtp_port) from None
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
            smtp.starttls(context=contexte)
            if p.utilisateur:
                _identifier(smtp, p.utilisateur, mot_de_passe)
        except ssl.SSLCertVerificationError:
            raise certificat_refuse(p.smtp_hote) from None
        except smtplib.SMTPNotSupportedError:
            raise ErreurConnue(
                f"Le serveur de messagerie {p.smtp_hote} n'offre pas de connexion protégée : rien n'a été envoyé.",
                code="TLS_ABSENT",
                action="Utilisez le serveur et le port de dépôt donnés par votre fournisseur.",
            ) from None
        except (smtplib.SMTPAuthenticationError, UnicodeEncodeError) as erreur:
            if isinstance(erreur, smtplib.SMTPAuthenticationError) and erreur.smtp_code < 500:
                raise injoignable(p.smtp_hote, p.smtp_port) from None
            raise identification_refusee(p.smtp_hote) from None
        except (smtplib.SMTPException, OSError):
            raise injoignable(p.smtp_hote, p.smtp_port) from None


def _identifier(smtp: smtplib.SMTP, utilisateur: str, mot_de_passe: str) -> None:
    """One attempt, in UTF-8, by PLAIN where it is offered: smtplib's own login tries each mechanism in ASCII."""
    smtp.ehlo_or_helo_if_needed()
    if "PLAIN" not in smtp.esmtp_features.get("auth", "").upper().split():
        smtp.login(utilisateur, mot_de_passe)
        return
    jeton = base64.b64encode(f"\0{utilisateur}\0{mot_de_passe}".encode()).decode("ascii")
    code, texte = smtp.docmd("AUTH", f"PLAIN {jeton}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, texte)
