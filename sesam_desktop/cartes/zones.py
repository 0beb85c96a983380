"""SSV zones: a plain run of groups, each a two-byte number, a length and its fields (length + Latin-1 text or bytes).

The hierarchy is carried by the order alone: a group 104 opens a beneficiary. Lengths are written as in BER.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sesam_desktop.noyau.erreurs import FormatInvalide

from .tlv import ecrire_longueur, lire_longueur

TAILLE_MAXIMALE = 1 << 18  # the largest test card known is under 9 000 bytes
_ACTION = "Vérifiez que le fichier est une carte virtuelle complète (zones SSV)."


@dataclass(frozen=True, slots=True)
class Groupe:
    """One group: its number and its fields, raw. An absent field is b"" and keeps its place."""

    id: int
    champs: tuple[bytes, ...]

    def texte(self, numero: int) -> str:
        """Field `numero` (from 1) as Latin-1 text without its trailing blanks."""
        return self.champs[numero - 1].decode("latin-1").rstrip(" ")


def lire(octets: bytes) -> list[Groupe]:
    """Groups of a zone, in order. Raises FormatInvalide, with the position, on anything that is not one."""
    if len(octets) > TAILLE_MAXIMALE:
        raise FormatInvalide("La zone dépasse la taille d'une carte.", code="ZONE_INVALIDE", action=_ACTION)
    groupes, position = [], 0
    while position < len(octets):
        if position + 2 > len(octets):
            raise _refus("Le numéro du dernier groupe est coupé.", position)
        identifiant = int.from_bytes(octets[position : position + 2], "big")
        longueur, debut = _longueur(octets, position + 2, 0)
        groupes.append(Groupe(identifiant, _champs(octets[debut : debut + longueur], debut)))
        position = debut + longueur
    return groupes


def ecrire(groupes: Iterable[Groupe]) -> bytes:
    """The zone of these groups, each length in its shortest form."""
    morceaux = []
    for groupe in groupes:
        corps = b"".join(ecrire_longueur(len(champ)) + champ for champ in groupe.champs)
        morceaux.append(groupe.id.to_bytes(2, "big") + ecrire_longueur(len(corps)) + corps)
    return b"".join(morceaux)


def _champs(corps: bytes, base: int) -> tuple[bytes, ...]:
    champs, position = [], 0
    while position < len(corps):
        longueur, debut = _longueur(corps, position, base)
        champs.append(corps[debut : debut + longueur])
        position = debut + longueur
    return tuple(champs)


def _longueur(octets: bytes, position: int, base: int) -> tuple[int, int]:
    """The same lengths as BER-TLV, with the sentence and the position of a file."""
    try:
        return lire_longueur(octets, position)
    except FormatInvalide as refus:
        raise _refus(refus.message, base + position) from None


def _refus(message: str, position: int) -> FormatInvalide:
    return FormatInvalide(message, code="ZONE_INVALIDE", position=position + 1, action=_ACTION)
