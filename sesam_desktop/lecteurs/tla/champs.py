"""Typed fields of a message or of a document: BER-TLV objects with a one-byte tag, read strictly.

Texts are UTF-8, numbers big-endian without sign, instants ``AAAAMMJJHHMMSS`` in UTC, days ``AAAAMMJJ``. A tag that is
not known is left aside: a later minor version may add some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from sesam_desktop.cartes import tlv
from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.noyau.erreurs import FormatInvalide

TEXTE_MAXIMAL = 255
_INSTANT = "%Y%m%d%H%M%S"
_OCTETS_ENTIER = 8


def illisible(message: str, zone: str = "") -> FormatInvalide:
    """What came from a terminal does not follow the profile."""
    return FormatInvalide(
        message, code="TLA_ILLISIBLE", zone=zone,
        action="Recommencez ; si cela se reproduit, faites vérifier le terminal et son câble.",
    )


def lire_objets(octets: bytes) -> tuple[Tlv, ...]:
    """The objects of `octets`, told in the words of a terminal when they are malformed."""
    try:
        return tuple(tlv.lire(octets))
    except FormatInvalide as refus:
        raise illisible("Le terminal a envoyé des données mal formées.", refus.ou) from None


class Champs:
    """The objects of one level. Every accessor raises FormatInvalide (TLA_ILLISIBLE), naming the tag."""

    def __init__(self, objets: Iterable[Tlv]) -> None:
        self._objets = tuple(objets)

    def tous(self, etiquette: int) -> list[bytes]:
        """Values of every object with this tag, in order."""
        return [objet.valeur for objet in self._objets if objet.etiquette == etiquette]

    def octets(self, etiquette: int, taille: int | None = None) -> bytes:
        """The only object with this tag, of exactly `taille` bytes when given."""
        trouves = self.tous(etiquette)
        if len(trouves) != 1:
            raise _refus(etiquette, "un seul champ est attendu")
        if taille is not None and len(trouves[0]) != taille:
            raise _refus(etiquette, f"{taille} octets sont attendus")
        return trouves[0]

    def entier(self, etiquette: int, maximum: int = 0xFFFFFFFF) -> int:
        valeur = self.octets(etiquette)
        if not 1 <= len(valeur) <= _OCTETS_ENTIER or int.from_bytes(valeur, "big") > maximum:
            raise _refus(etiquette, "un nombre est attendu")
        return int.from_bytes(valeur, "big")

    def texte(self, etiquette: int, forme: str = r"[^\x00-\x1f\x7f]*") -> str:
        return lire_texte(etiquette, self.octets(etiquette), forme)

    def instant(self, etiquette: int) -> datetime:
        texte = self.texte(etiquette, "[0-9]{14}")
        try:
            return datetime.strptime(texte, _INSTANT).replace(tzinfo=UTC)
        except ValueError:
            raise _refus(etiquette, "une date et une heure sont attendues") from None

    def jour(self, etiquette: int) -> date:
        texte = self.texte(etiquette, "[0-9]{8}")
        try:
            return date.fromisoformat(texte)
        except ValueError:
            raise _refus(etiquette, "une date est attendue") from None


def lire_texte(etiquette: int, valeur: bytes, forme: str) -> str:
    """`valeur` as a text that `forme` allows."""
    try:
        texte = valeur.decode()
    except UnicodeDecodeError:
        raise _refus(etiquette, "un texte est attendu") from None
    if len(texte) > TEXTE_MAXIMAL or not re.fullmatch(forme, texte):
        raise _refus(etiquette, "un texte d'une autre forme est attendu")
    return texte


def texte(etiquette: int, valeur: str) -> Tlv:
    """A text, cut at what a terminal keeps; control characters become blanks."""
    propre = re.sub(r"[\x00-\x1f\x7f]", " ", valeur)[:TEXTE_MAXIMAL]
    return Tlv(etiquette, propre.encode(errors="replace"))


def entier(etiquette: int, valeur: int) -> Tlv:
    return Tlv(etiquette, valeur.to_bytes((valeur.bit_length() + 7) // 8 or 1, "big"))


def instant(etiquette: int, valeur: datetime) -> Tlv:
    return Tlv(etiquette, f"{valeur.astimezone(UTC):%Y%m%d%H%M%S}".encode())


def jour(etiquette: int, valeur: date) -> Tlv:
    return Tlv(etiquette, f"{valeur:%Y%m%d}".encode())


def _refus(etiquette: int, attendu: str) -> FormatInvalide:
    return illisible(f"Le terminal a envoyé une valeur inattendue : {attendu}.", f"{etiquette:02X}")
