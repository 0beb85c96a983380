"""Blocks of the serial link: bytes ⇄ values, nothing else.

The block is the one of T=1 (ISO 7816-3, 11.3): NAD, PCB, LEN, INF, EDC. Project profile, because the bytes of the PSS
are not public: the NAD holds two addresses of four bits, destination then source; 0 to 14 is a PAD, 15 the workstation.
The slot (LAD) is in the message, as the readers' commands have it. The EDC is the CRC-16 of ISO/IEC 13239, low byte
first, or the one-byte LRC.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import reduce
from operator import xor

from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide

INF_MAXIMALE = 254
ENTETE = 3
POSTE = 15
_POLYNOME = 0x8408  # x^16 + x^12 + x^5 + 1, low bit first


class Faute(IntEnum):
    """What a receiver says of a block it refuses: two low bits of an R-block."""

    AUCUNE = 0
    CONTROLE = 1
    AUTRE = 2


class Demande(IntEnum):
    """What an S-block is about: two low bits of its PCB."""

    RESYNCHRONISER = 0
    TAILLE = 1
    ABANDONNER = 2
    ATTENDRE = 3


class Edc(Enum):
    """Error detection code at the end of a block, and its size."""

    LRC = 1
    CRC = 2

    def calculer(self, octets: bytes) -> bytes:
        if self is Edc.LRC:
            return bytes([reduce(xor, octets, 0)])
        return crc16(octets).to_bytes(2, "little")


@dataclass(frozen=True, slots=True)
class BlocI:
    """A piece of message. `suite`: another piece follows."""

    numero: int
    suite: bool
    info: bytes


@dataclass(frozen=True, slots=True)
class BlocR:
    """`numero` is the number of the block that is expected next; `faute` says why it is asked for again."""

    numero: int
    faute: Faute = Faute.AUCUNE


@dataclass(frozen=True, slots=True)
class BlocS:
    """A word between both ends of the link, which the other end answers. `valeur`: size or multiplier, else 0."""

    demande: Demande
    reponse: bool = False
    valeur: int = 0


Bloc = BlocI | BlocR | BlocS
_AVEC_VALEUR = (Demande.TAILLE, Demande.ATTENDRE)


class BlocInvalide(FormatInvalide):
    """Bytes that are no block of this link. `faute` is what the sender is told."""

    code = "BLOC_INVALIDE"

    def __init__(self, message: str, faute: Faute = Faute.AUTRE) -> None:
        super().__init__(message)
        self.faute = faute


def crc16(octets: bytes) -> int:
    """CRC-16 of ISO/IEC 13239 (the one of HDLC and of ISO/IEC 14443-3 type B)."""
    reste = 0xFFFF
    for octet in octets:
        reste ^= octet
        for _ in range(8):
            reste = reste >> 1 ^ (_POLYNOME if reste & 1 else 0)
    return reste ^ 0xFFFF


def nad_vers(pad: int) -> int:
    """NAD of what the workstation sends to this reader."""
    _exiger_pad(pad)
    return pad << 4 | POSTE


def nad_de(pad: int) -> int:
    """NAD of what this reader sends to the workstation."""
    _exiger_pad(pad)
    return POSTE << 4 | pad


def ecrire(nad: int, bloc: Bloc, edc: Edc = Edc.CRC) -> bytes:
    """Bytes of one block. Raises EntreeInvalide when its INF is too long."""
    pcb, info = _corps(bloc)
    if len(info) > INF_MAXIMALE:
        raise EntreeInvalide(f"Un bloc porte au plus {INF_MAXIMALE} octets.", code="BLOC_TROP_LONG")
    octets = bytes([nad, pcb, len(info)]) + info
    return octets + edc.calculer(octets)


def lire(nad: int, octets: bytes, edc: Edc = Edc.CRC) -> Bloc:
    """The block that these bytes are, whole. Raises BlocInvalide."""
    if len(octets) < ENTETE + edc.value or len(octets) != ENTETE + octets[2] + edc.value:
        raise BlocInvalide("Le bloc n'a pas la longueur qu'il annonce.")
    if edc.calculer(octets[: -edc.value]) != octets[-edc.value :]:
        raise BlocInvalide("Le code de contrôle du bloc est faux.", Faute.CONTROLE)
    if octets[0] != nad:
        raise BlocInvalide("Le bloc vient d'une autre adresse.")
    if octets[2] > INF_MAXIMALE:
        raise BlocInvalide("Le bloc annonce une longueur réservée.")
    return _bloc(octets[1], octets[ENTETE : -edc.value])


def _exiger_pad(pad: int) -> None:
    if not 0 <= pad < POSTE:
        raise EntreeInvalide("L'adresse d'un lecteur (PAD) va de 0 à 14.", code="PAD_INVALIDE")


def _corps(bloc: Bloc) -> tuple[int, bytes]:
    if isinstance(bloc, BlocI):
        return bloc.numero << 6 | bloc.suite << 5, bloc.info
    if isinstance(bloc, BlocR):
        return 0x80 | bloc.numero << 4 | bloc.faute, b""
    info = bytes([bloc.valeur]) if bloc.demande in _AVEC_VALEUR else b""
    return 0xC0 | bloc.reponse << 5 | bloc.demande, info


def _bloc(pcb: int, info: bytes) -> Bloc:
    if pcb & 0x9F == 0:
        return BlocI(pcb >> 6, bool(pcb & 0x20), info)
    if pcb & 0xEC == 0x80 and pcb & 0x03 != 3 and not info:
        return BlocR(pcb >> 4 & 1, Faute(pcb & 0x03))
    if pcb & 0xDC == 0xC0:
        return _bloc_s(Demande(pcb & 0x03), bool(pcb & 0x20), info)
    raise BlocInvalide("Le bloc est d'un genre inconnu.")


def _bloc_s(demande: Demande, reponse: bool, info: bytes) -> BlocS:
    if len(info) != (demande in _AVEC_VALEUR):
        raise BlocInvalide("Le bloc de supervision n'a pas la bonne longueur.")
    valeur = info[0] if info else 0
    if info and (valeur == 0 or (demande is Demande.TAILLE and valeur > INF_MAXIMALE)):
        raise BlocInvalide("Le bloc de supervision porte une valeur réservée.")
    return BlocS(demande, reponse, valeur)
