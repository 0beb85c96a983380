"""Questions and answers exchanged with a terminal, over any channel that carries bytes.

``version (1) · code (1) · number (2) · BER-TLV fields · CRC-32 of all that precedes (4)``. An answer has the code of
its question plus 80h, and its number. PROJECT PROFILE: the messages of real terminals are not public.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from sesam_desktop.cartes import tlv
from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.noyau.erreurs import FormatInvalide

from .champs import Champs, illisible, lire_objets

VERSION = 1
TAILLE_MAXIMALE = 2048
MORCEAU = 1024  # bytes of content in one message: a second on a serial line at 9600 bauds
REPONSE = 0x80
_ENTETE, _CRC = 4, 4


class Commande(IntEnum):
    IDENTIFIER = 0x01
    REGLER_DATE = 0x02
    CHARGER = 0x10      # opens or takes up again a load; the answer says how much of it is already there
    MORCEAU = 0x11
    VALIDER = 0x12      # the content loaded takes the place of the one before, whole
    LISTER = 0x20
    LIRE = 0x21
    ACQUITTER = 0x22    # by name and digest: the terminal may forget this document
    VIDER = 0x30


class Statut(IntEnum):
    FAIT = 0x00
    COMMANDE_INCONNUE = 0x01
    ILLISIBLE = 0x02
    MEMOIRE_PLEINE = 0x03
    INCONNU = 0x04
    EMPREINTE = 0x05
    HORS_SEQUENCE = 0x06
    NON_DECHARGE = 0x07
    PILE_FAIBLE = 0x08
    VERSION = 0x09
    REFUSE = 0x0A


class Etiquette(IntEnum):
    """Tags of the fields. ``DOCUMENT`` holds IDENTIFIANT, EMPREINTE and TAILLE."""

    STATUT = 0xC0
    GENRE = 0xC1
    NUMERO_SERIE = 0xC2
    LOGICIEL = 0xC3
    CAPACITE = 0xC4
    LIBRE = 0xC5
    BENEFICIAIRES = 0xC6
    PREPAREES = 0xC7
    DOCUMENTS = 0xC8
    HORLOGE = 0xC9
    PILE = 0xCA
    CONTENU = 0xCB
    EMPREINTE = 0xCC
    TAILLE = 0xCD
    POSITION = 0xCE
    OCTETS = 0xCF
    IDENTIFIANT = 0xD0
    DOCUMENT = 0xE0


@dataclass(frozen=True, slots=True)
class Message:
    """A question (`code` is a `Commande`) or an answer (`code` with `REPONSE`)."""

    code: int
    numero: int
    objets: tuple[Tlv, ...] = ()

    @property
    def champs(self) -> Champs:
        return Champs(self.objets)


def ecrire(message: Message) -> bytes:
    """The bytes of a message. Raises FormatInvalide when they exceed `TAILLE_MAXIMALE`."""
    corps = bytes([VERSION, message.code]) + message.numero.to_bytes(2, "big") + tlv.ecrire(message.objets)
    if len(corps) + _CRC > TAILLE_MAXIMALE:
        raise illisible("Le message dépasse la taille admise par un terminal.")
    return corps + _crc(corps)


def lire(octets: bytes) -> Message:
    """The message of these bytes. Raises FormatInvalide (TLA_ILLISIBLE, TLA_VERSION)."""
    if not _ENTETE + _CRC <= len(octets) <= TAILLE_MAXIMALE:
        raise illisible("Le terminal a envoyé un message tronqué ou trop long.")
    corps, crc = octets[:-_CRC], octets[-_CRC:]
    if crc != _crc(corps):
        raise illisible("Le message du terminal a été abîmé pendant la transmission.")
    if corps[0] != VERSION:
        raise autre_version()
    return Message(corps[1], int.from_bytes(corps[2:4], "big"), lire_objets(corps[_ENTETE:]))


def repondre(question: Message, statut: Statut, objets: Iterable[Tlv] = ()) -> Message:
    """The answer to `question`."""
    return Message(question.code | REPONSE, question.numero, (Tlv(Etiquette.STATUT, bytes([statut])), *objets))


def autre_version() -> FormatInvalide:
    """The terminal does not speak this version of the profile."""
    return FormatInvalide(
        "Le terminal parle une autre version du protocole.", code="TLA_VERSION",
        action="Mettez à jour le terminal ou ce programme.",
    )


def _crc(corps: bytes) -> bytes:
    return zlib.crc32(corps).to_bytes(_CRC, "big")
