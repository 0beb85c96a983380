"""AUTH, once the connection is protected: one mechanism, one attempt, in UTF-8.

smtplib's own login tries each mechanism in turn, in ASCII: a wrong password would be shown several times, and the
account perhaps locked.
"""

from __future__ import annotations

import base64
import hmac
import smtplib

from .serveur import identification_impossible


def identifier(smtp: smtplib.SMTP, hote: str, utilisateur: str, mot_de_passe: str) -> None:
    """By PLAIN, LOGIN or CRAM-MD5, the first one offered. Raises SMTPAuthenticationError, IDENTIFICATION_IMPOSSIBLE."""
    offerts = smtp.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offerts:
        jeton = f"\0{utilisateur}\0{mot_de_passe}".encode()
        reponse = smtp.docmd("AUTH", f"PLAIN {_base64(jeton)}")
    elif "LOGIN" in offerts:
        reponse = _login(smtp, utilisateur, mot_de_passe)
    elif "CRAM-MD5" in offerts:
        reponse = _cram_md5(smtp, utilisateur, mot_de_passe)
    else:
        raise identification_impossible(hote)
    if reponse[0] != 235:
        raise smtplib.SMTPAuthenticationError(*reponse)


def _login(smtp: smtplib.SMTP, utilisateur: str, mot_de_passe: str) -> tuple[int, bytes]:
    reponse = smtp.docmd("AUTH", "LOGIN")
    for secret in (utilisateur, mot_de_passe):
        if reponse[0] != 334:
            break
        reponse = smtp.docmd(_base64(secret.encode()))
    return reponse


def _cram_md5(smtp: smtplib.SMTP, utilisateur: str, mot_de_passe: str) -> tuple[int, bytes]:
    """RFC 2195: the digest the mechanism is named after."""
    code, defi = smtp.docmd("AUTH", "CRAM-MD5")
    if code != 334:
        return code, defi
    preuve = hmac.new(mot_de_passe.encode(), base64.b64decode(defi), "md5").hexdigest()
    return smtp.docmd(_base64(f"{utilisateur} {preuve}".encode()))


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
