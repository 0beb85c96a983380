"""BER-TLV as cards write it: short or long tags, definite lengths.

ISO 7816-4 lets ``00`` and ``FF`` bytes without meaning stand before, between and after the objects (never written, or
erased since): no tag starts so. A length that goes past the end is refused: a card, or somebody in its place, may lie.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from sesam_desktop.noyau.erreurs import FormatInvalide

_OCTETS_ETIQUETTE = 3
_OCTETS_LONGUEUR = 3
_REMPLISSAGE = b"\x00\xff"
_SUITE_DE_REMPLISSAGE = re.compile(rb"[\x00\xff]+")


class Tlv(NamedTuple):
    """One object: its tag as a number (``0x65``, ``0x7F21``) and its raw value."""

    etiquette: int
    valeur: bytes

    def enfants(self) -> list[Tlv]:
        """Objects inside this one."""
        return lire(self.valeur)


def lire(octets: bytes) -> list[Tlv]:
    """Objects of `octets`, in order, whatever padding is around them. Raises FormatInvalide."""
    objets, position = [], 0
    while position < len(octets):
        if octets[position] in _REMPLISSAGE:
            position = _fin_du_remplissage(octets, position)
            continue
        etiquette, apres = octets[position], position + 1
        if etiquette & 0x1F == 0x1F:
            etiquette, apres = _lire_etiquette_longue(octets, position)
        longueur, debut = lire_longueur(octets, apres)
        objets.append(Tlv(etiquette, octets[debut : debut + longueur]))
        position = debut + longueur
    return objets


def _fin_du_remplissage(octets: bytes, position: int) -> int:
    """A file may be padding for most of its length: passed over at once."""
    suite = _SUITE_DE_REMPLISSAGE.match(octets, position)
    return suite.end() if suite else position


def trouver(objets: Iterable[Tlv], etiquette: int) -> bytes | None:
    """Value of the first object with this tag, None when there is none."""
    for objet in objets:
        if objet.etiquette == etiquette:
            return objet.valeur
    return None


def ecrire(objets: Iterable[Tlv]) -> bytes:
    """The objects one after the other, each length in its shortest form."""
    return b"".join(
        _ecrire_etiquette(objet.etiquette) + ecrire_longueur(len(objet.valeur)) + objet.valeur for objet in objets
    )


def lire_longueur(octets: bytes, position: int) -> tuple[int, int]:
    """Length written at `position` and the index that follows it; it never goes past the end of `octets`."""
    if position >= len(octets):
        raise _refus("Une longueur manque à la fin des données.", position)
    premier, debut = octets[position], position + 1
    if premier < 0x80:
        longueur = premier
    else:
        suite = premier & 0x7F
        if not 1 <= suite <= _OCTETS_LONGUEUR or debut + suite > len(octets):
            raise _refus("Une longueur est mal écrite.", position)
        longueur = int.from_bytes(octets[debut : debut + suite], "big")
        debut += suite
    if debut + longueur > len(octets):
        raise _refus("Une longueur dépasse la fin des données.", position)
    return longueur, debut


def ecrire_longueur(longueur: int) -> bytes:
    """One byte under 128, else ``81 xx``, ``82 xx xx``, ``83 xx xx xx``. Raises FormatInvalide beyond."""
    if longueur < 0x80:
        return bytes([longueur])
    suite = (longueur.bit_length() + 7) // 8
    if suite > _OCTETS_LONGUEUR:
        raise FormatInvalide("Une valeur est trop longue pour être écrite sur une carte.", code="TROP_LONG")
    return bytes([0x80 | suite]) + longueur.to_bytes(suite, "big")


def _lire_etiquette_longue(octets: bytes, position: int) -> tuple[int, int]:
    fin = position + 1
    while fin < len(octets) and octets[fin] & 0x80:
        fin += 1
    fin += 1
    if fin > len(octets) or fin - position > _OCTETS_ETIQUETTE:
        raise _refus("Une étiquette est mal écrite.", position)
    return int.from_bytes(octets[position:fin], "big"), fin


def _ecrire_etiquette(etiquette: int) -> bytes:
    return etiquette.to_bytes((etiquette.bit_length() + 7) // 8 or 1, "big")


def _refus(message: str, position: int) -> FormatInvalide:
    return FormatInvalide(
        message,
        code="CARTE_ILLISIBLE",
        position=position + 1,
        action="Retirez la carte, essuyez la puce et réinsérez-la.",
    )
