"""Mails that carry no file but speak of one we sent: not delivered, late, delivered, or an automatic answer.

Delivery reports are RFC 3464 (postfix, exim, dovecot), read as loosely as they are written: exim gives a general status
and puts the exact one in its words. What the health network's own servers send is not public: project reading.
A report may give back the whole message: only its beginning is read.
"""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from enum import StrEnum

from sesam_desktop.noyau.erreurs import FormatInvalide

LU_MAX = 256_000
_PARTIES_MAX = 16
_TEXTE_MAX = 600
_ID = re.compile(r"<([^<>\s]{1,250})>")
_STATUT = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_ROBOTS = re.compile(r"mailer-daemon|postmaster|mail delivery", re.IGNORECASE)
_TARD = re.compile(r"delay|warning|retard", re.IGNORECASE)


class Genre(StrEnum):
    """What a service message says of ours. INCONNU: it is none of those; somebody has to read it."""

    ECHEC = "echec"
    RETARD = "retard"
    SUCCES = "succes"
    ABSENCE = "absence"
    INCONNU = "inconnu"


_ACTIONS = {
    "failed": Genre.ECHEC,
    "delayed": Genre.RETARD,
    "delivered": Genre.SUCCES,
    "relayed": Genre.SUCCES,
    "expanded": Genre.SUCCES,
}
_GRAVITE = (Genre.ECHEC, Genre.RETARD, Genre.SUCCES)


@dataclass(frozen=True, slots=True)
class MessageService:
    """`message_id`: our message, without brackets, "" when not named. `code`: enhanced status (5.1.1) or "".

    `texte`: the server's own words, on one line. `rapport`: a delivery report says so, not mere words that anybody may
    have written.
    """

    genre: Genre
    message_id: str = ""
    destinataire: str = ""
    code: str = ""
    texte: str = ""
    sujet: str = ""
    de: str = ""
    rapport: bool = False


def lire(octets: bytes) -> MessageService:
    """What a mail without file says. Raises FormatInvalide when it has more parts than any report."""
    message = _analyser(octets[:LU_MAX])
    parties = list(message.walk())
    rapports = [bloc for partie in parties for bloc in _blocs(partie)]
    genre, rapport = _genre(message, rapports)
    destinataire = _adresse(_entete(rapport, "Final-Recipient")) or _adresse(_entete(message, "X-Failed-Recipients"))
    texte = _texte(rapport, parties, destinataire)
    return MessageService(
        genre=genre,
        message_id=_message_vise(message, parties),
        destinataire=destinataire,
        code=_code(_entete(rapport, "Status"), texte) if genre in _GRAVITE else "",
        texte=texte,
        sujet=_propre(_entete(message, "Subject")),
        de=_adresse(_entete(message, "From")),
        rapport=rapport is not message,
    )


def _analyser(octets: bytes) -> Message:
    minuscules = octets.lower()
    if max(minuscules.count(b"boundary="), minuscules.count(b"message/")) > _PARTIES_MAX:
        raise FormatInvalide("Le message contient trop de parties.", code="MIME")
    return BytesParser(policy=email.policy.compat32).parsebytes(octets)


def _blocs(partie: Message) -> Iterator[Message]:
    """Groups of fields of a delivery report that speak of one addressee."""
    contenu = partie.get_payload()
    if partie.get_content_type() == "message/delivery-status" and isinstance(contenu, list):
        yield from (bloc for bloc in contenu if isinstance(bloc, Message) and "Action" in bloc)


def _genre(message: Message, rapports: list[Message]) -> tuple[Genre, Message]:
    """The worst of what a report says, and the group that says it; else what the headers tell."""
    lus = [(genre, bloc) for bloc in rapports if (genre := _ACTIONS.get(_entete(bloc, "Action").lower()))]
    if lus:
        return min(lus, key=lambda lu: _GRAVITE.index(lu[0]))
    robot = _ROBOTS.search(_entete(message, "From")) is not None
    if "X-Failed-Recipients" in message or robot:
        return (Genre.RETARD if _TARD.search(_entete(message, "Subject")) else Genre.ECHEC), message
    if _entete(message, "Auto-Submitted").lower().startswith("auto") or "X-Autoreply" in message:
        return Genre.ABSENCE, message
    return Genre.INCONNU, message


def _message_vise(message: Message, parties: list[Message]) -> str:
    """From the message given back; else from the headers of an answer; else from its words."""
    for partie in parties:
        if partie is not message and "Message-ID" in partie:
            return _identifiant(_entete(partie, "Message-ID"))
        if partie.get_content_type() == "text/rfc822-headers" and (trouve := _dans_entetes(_clair(partie))):
            return trouve
    for nom in ("In-Reply-To", "References"):
        if trouve := _identifiant(_entete(message, nom)):
            return trouve
    return _dans_entetes("\n".join(map(_clair, parties)))


def _dans_entetes(texte: str) -> str:
    lignes = [ligne for ligne in texte.splitlines() if ligne.lower().startswith("message-id:")]
    return _identifiant(lignes[0]) if lignes else ""


def _identifiant(texte: str) -> str:
    """The last one: of References, the message that is answered."""
    trouves = _ID.findall(texte)
    return trouves[-1] if trouves else ""


def _code(statut: str, texte: str) -> str:
    """The exact status: the words have it when the report only gives a general one."""
    annonce, dit = _STATUT.search(statut), _STATUT.search(texte)
    if annonce and not annonce.group(1).endswith(".0.0"):
        return annonce.group(1)
    trouve = dit or annonce
    return trouve.group(1) if trouve else ""


def _texte(rapport: Message, parties: list[Message], destinataire: str) -> str:
    """The server's diagnostic; else what the words say after the address; else their beginning."""
    diagnostic = _entete(rapport, "Diagnostic-Code").partition(";")
    if diagnostic[2]:
        return _propre(diagnostic[2])
    clair = next((t for p in parties if p.get_content_type() == "text/plain" and (t := _clair(p))), "")
    lignes = clair.splitlines()
    rangs = [rang for rang, ligne in enumerate(lignes) if destinataire and ligne.strip().strip(":<>") == destinataire]
    apres = [ligne for ligne in lignes[rangs[0] + 1 :][:4] if ligne[:1].isspace()] if rangs else []
    return _propre(" ".join(apres) or clair)


def _clair(partie: Message) -> str:
    octets = partie.get_payload(decode=True)
    if not isinstance(octets, bytes):  # it holds other parts
        return ""
    try:
        return octets.decode(partie.get_content_charset("utf-8"), errors="replace")
    except (LookupError, ValueError):
        return octets.decode("latin-1")


def _entete(message: Message, nom: str) -> str:
    return str(message.get(nom, "")).strip()


def _adresse(texte: str) -> str:
    """``rfc822; nom@domaine``, ``Nom <nom@domaine>`` or the address alone."""
    trouve = re.search(r"[^\s<>;,\"]{1,200}@[^\s<>;,\"]{1,200}", texte)
    return trouve.group() if trouve else ""


def _propre(texte: str) -> str:
    """One line, printable."""
    visible = "".join(c if c.isprintable() else " " for c in texte)
    return " ".join(visible.split())[:_TEXTE_MAX]
