"""The mail around a file: MIME as establishments' mail is known to be, headers of liberal FSE as a project profile.

The inner message (`composer`, `lire`) is multipart/mixed: an ``application/EDI-consent`` part with the file, gzip when
the description ends in ``/Z``, and for invoices an ``application/x-sesam-securisation`` part with the envelope.
Encrypting it, and the mail around it, is for `securisation`. What is received is untrusted: every size is bounded
before anything is decoded.
"""

from __future__ import annotations

import base64
import binascii
import email.policy
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.parser import BytesFeedParser, BytesParser
from email.utils import format_datetime, parsedate_to_datetime
from itertools import islice

from sesam_desktop.noyau.erreurs import FormatInvalide

from . import profils_courriel
from .profils_courriel import Description, reconnaitre

TAILLE_MAX = 64_000_000
"""Of a mail, and of the file it carries once decompressed: a payment return of 100,000 invoices weighs 54 MB."""
_LIGNES_MAX = 1_000_000  # a mail of that size has 820,000: each one is an object while it is read
_BLOC = 1 << 16
_PARTIES_MAX = 8
_A_COMPTER = (re.compile(rb"boundary", re.IGNORECASE), re.compile(rb"message/", re.IGNORECASE))
_TYPE_SECURISATION = "application/x-sesam-securisation"
_GZIP = 31  # zlib's way of asking for a gzip header
_LIGNE = email.policy.compat32.clone(linesep="\r\n", max_line_length=998)


@dataclass(frozen=True, slots=True)
class Adressage:
    """Headers. `message_id` (without brackets) is fixed by the caller, so that sending twice is recognisable."""

    de: str
    a: str
    sujet: str
    message_id: str
    date: datetime


@dataclass(frozen=True, slots=True)
class MessageRecu:
    """A message read: `genre` is one of `profils_courriel` (IRIS: B2 unsecured); `contenu` the file, decompressed."""

    genre: str
    contenu: bytes
    securite: bytes | None
    sujet: str
    message_id: str
    date: datetime | None
    test: bool = False
    de: str = ""


def sujet(emetteur: str, horodatage: str, nombre: int, genre: str = "FSE") -> str:
    """``SV/<14 digits>/<19 digits>/<number of invoices on 5>``; ``IR100500/…`` for IRIS."""
    return profils_courriel.sujet(genre, emetteur, horodatage, nombre)


def lire_sujet(texte: str) -> tuple[str, str, int]:
    """Sender, stamp and number of invoices of a subject."""
    return profils_courriel.lire_sujet(texte)


def composer(
    genre: str,
    contenu: bytes,
    adressage: Adressage,
    *,
    securite: bytes | None = None,
    test: bool = False,
    comprime: bool = True,
) -> bytes:
    """The inner message. Same arguments, same bytes."""
    racine = MIMEMultipart("mixed", boundary=_frontiere(adressage.message_id), policy=_LIGNE)
    _adresser(racine, adressage)
    profil = profils_courriel.exiger(genre)
    description = profil.decrire(test=test, comprime=comprime)
    corps = _comprimer(contenu) if comprime and profil.gzip else contenu
    sous_type = "octet-stream" if genre == "SCOR" else "EDI-consent"
    racine.attach(_partie(sous_type, corps, description))
    if securite is not None:
        racine.attach(_partie("x-sesam-securisation", securite, "SESAM/SECURISATION"))
    return racine.as_bytes(policy=_LIGNE)


def _adresser(message: Message, adressage: Adressage) -> None:
    for nom, valeur in (
        ("From", adressage.de),
        ("To", adressage.a),
        ("Subject", adressage.sujet),
        ("Message-ID", f"<{adressage.message_id}>"),
        ("Date", format_datetime(adressage.date)),
    ):
        if not valeur.isascii() or not valeur.isprintable():
            raise FormatInvalide("L'en-tête du message contient un caractère interdit.", code="ENTETE", zone=nom)
        message[nom] = valeur


def _frontiere(message_id: str) -> str:
    """A boundary base64 cannot contain, derived from the identifier so that composing is repeatable."""
    return "=_" + re.sub(r"[^A-Za-z0-9.]", ".", message_id)[:60]


def _comprimer(contenu: bytes) -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    return machine.compress(contenu) + machine.flush()


def _partie(sous_type: str, corps: bytes, description: str) -> MIMEBase:
    partie = MIMEBase("application", sous_type, policy=_LIGNE)
    partie["Content-Transfer-Encoding"] = "base64"
    partie["Content-Description"] = description
    partie.set_payload(base64.encodebytes(corps).decode("ascii").replace("\n", "\r\n"))
    return partie


def lire_adressage(octets: bytes) -> Adressage:
    """Routing headers of any mail of ours, encrypted or not. Missing ones are empty; a missing date is refused."""
    message = _analyser(octets, entetes_seules=True)
    date = _date(message)
    if date is None:
        raise FormatInvalide("Le message n'a pas de date lisible.", code="ENTETE", zone="Date")
    return Adressage(_texte(message, "From"), _texte(message, "To"), _texte(message, "Subject"), _id(message), date)


def lire(octets: bytes) -> MessageRecu:
    """An inner message or a return. Raises FormatInvalide on anything malformed, oversized or without content."""
    message = _analyser(octets)
    parties = [p for p in message.walk() if not p.is_multipart()]
    fichier, description = _fichier(parties)
    contenu = _decoder(fichier)
    securites = [p for p in parties if p.get_content_type() == _TYPE_SECURISATION]
    if len(securites) > 1:
        raise FormatInvalide("Le message contient plusieurs parties de sécurisation.", code="MIME")
    return MessageRecu(
        genre=description.genre,
        contenu=_decomprimer(contenu) if description.comprime else contenu,
        securite=_decoder(securites[0]) if securites else None,
        sujet=_texte(message, "Subject"),
        message_id=_id(message),
        date=_date(message),
        test=description.test,
        de=_texte(message, "From"),
    )


def _analyser(octets: bytes, *, entetes_seules: bool = False) -> Message:
    if len(octets) > TAILLE_MAX or max(octets.count(b"\n"), octets.count(b"\r")) > _LIGNES_MAX:
        raise FormatInvalide("Le message dépasse la taille admise.", code="TROP_GROS")
    for mot in _A_COMPTER:
        if sum(1 for _ in islice(mot.finditer(octets), _PARTIES_MAX + 1)) > _PARTIES_MAX:
            raise FormatInvalide("Le message contient trop de parties.", code="MIME")
    if entetes_seules:
        return BytesParser(policy=email.policy.compat32).parsebytes(octets, headersonly=True)
    lecteur = BytesFeedParser(policy=email.policy.compat32)
    for debut in range(0, len(octets), _BLOC):  # given whole, it would be copied four times as big
        lecteur.feed(octets[debut : debut + _BLOC])
    return lecteur.close()


def _fichier(parties: list[Message]) -> tuple[Message, Description]:
    fichiers = [p for p in parties if p.get_content_type() != _TYPE_SECURISATION]
    lus = [(p, trouve) for p in fichiers if (trouve := reconnaitre(_texte(p, "Content-Description")))]
    if not lus:
        raise FormatInvalide("Le message ne contient aucun fichier SESAM-Vitale.", code="MIME_SANS_FICHIER")
    if len(lus) > 1:
        raise FormatInvalide("Le message contient plusieurs fichiers.", code="MIME")
    return lus[0]


def _decoder(partie: Message) -> bytes:
    corps = partie.get_payload()
    if _texte(partie, "Content-Transfer-Encoding").lower() != "base64" or not isinstance(corps, str):
        raise FormatInvalide("Une partie du message n'est pas codée en base64.", code="MIME")
    try:
        return base64.b64decode(re.sub(r"\s+", "", corps), validate=True)
    except (binascii.Error, ValueError):
        raise FormatInvalide("Une partie du message n'est pas du base64 lisible.", code="MIME") from None


def _decomprimer(contenu: bytes) -> bytes:
    machine = zlib.decompressobj(_GZIP)
    try:
        clair = machine.decompress(contenu, TAILLE_MAX + 1)
    except zlib.error:
        raise FormatInvalide("Le fichier joint n'est pas un gzip lisible.", code="GZIP") from None
    if len(clair) > TAILLE_MAX:
        raise FormatInvalide("Le fichier joint dépasse la taille admise une fois décompressé.", code="TROP_GROS")
    if not machine.eof or machine.unused_data:
        raise FormatInvalide("Le fichier joint est tronqué ou suivi d'autre chose.", code="GZIP")
    return clair


def _texte(message: Message, nom: str) -> str:
    return str(message.get(nom, "")).strip()


def _id(message: Message) -> str:
    return _texte(message, "Message-ID").strip("<>")


def _date(message: Message) -> datetime | None:
    try:
        return parsedate_to_datetime(_texte(message, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
