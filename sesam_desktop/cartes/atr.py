"""Which card is in the slot, from its answer to reset. Whole masks: many other cards share the first bytes.

Sources: public list of ATRs (pcsc-tools) for Vitale 1, Vitale 2 and the contactless CPS3; for the contact CPS the
interface bytes are ignored and the historical bytes decide: issuer ``00 12 25 00 64 80``, then the version. The
complementary (DUO) card answers an ATR made up for the project, that no card of the list matches (see `duo`).
The list knows the Vitale 2 as 43 to 49: a later generation (4A, 4B…) is accepted too, for a card refused is a patient
who cannot be billed, and no other card of the list answers so (project choice).
"""

from __future__ import annotations

import re
from enum import StrEnum


class GenreCarte(StrEnum):
    """The cards of the trade, as an ATR tells them apart."""

    VITALE1 = "vitale1"
    VITALE2 = "vitale2"
    CPS2TER = "cps2ter"
    CPS3 = "cps3"
    CPS3_SANS_CONTACT = "cps3-sans-contact"
    CPS4 = "cps4"
    DUO = "duo"
    INCONNUE = "inconnue"

    @property
    def est_vitale(self) -> bool:
        return self in (GenreCarte.VITALE1, GenreCarte.VITALE2)

    @property
    def est_cps(self) -> bool:
        return self in (GenreCarte.CPS2TER, GenreCarte.CPS3, GenreCarte.CPS3_SANS_CONTACT, GenreCarte.CPS4)

    @property
    def est_duo(self) -> bool:
        return self is GenreCarte.DUO

    @property
    def libelle(self) -> str:
        """The name shown to people."""
        return _LIBELLES[self]


_LIBELLES = {
    GenreCarte.VITALE1: "Vitale 1",
    GenreCarte.VITALE2: "Vitale 2",
    GenreCarte.CPS2TER: "CPS2ter",
    GenreCarte.CPS3: "CPS3",
    GenreCarte.CPS3_SANS_CONTACT: "CPS3 sans contact",
    GenreCarte.CPS4: "CPS4",
    GenreCarte.DUO: "Carte complémentaire",
    GenreCarte.INCONNUE: "Carte inconnue",
}
ATR_DUO = "3B0B8059" + b"DUOPROJET".hex().upper()  # T=0; issuer's data « DUOPROJET » in the historical bytes
_ATR_ENTIERS = (
    (re.compile("3F652500(2[2C]09[F6]9|(52|A[34])096A)9000"), GenreCarte.VITALE1),
    (re.compile("3B751300004.09(EA|FA)9000"), GenreCarte.VITALE2),
    (re.compile("3B8F80010031B86404B0ECC1739401808290000E"), GenreCarte.CPS3_SANS_CONTACT),
    (re.compile(ATR_DUO), GenreCarte.DUO),
)
_HISTORIQUES_CPS = (
    (re.compile("00122500648082021200(90|9000)"), GenreCarte.CPS2TER),
    (re.compile("00122500648000031000(90|9000)"), GenreCarte.CPS3),
    (re.compile("001225006480(000401|0401)(00|0000)(90|9000)"), GenreCarte.CPS4),
)


def reconnaitre(atr: bytes) -> GenreCarte:
    """Kind of the card that answered `atr`. Never raises: anything else is INCONNUE."""
    entier = atr.hex().upper()
    for masque, genre in _ATR_ENTIERS:
        if masque.fullmatch(entier):
            return genre
    historiques = octets_historiques(atr).hex().upper()
    for masque, genre in _HISTORIQUES_CPS:
        if masque.fullmatch(historiques):
            return genre
    return GenreCarte.INCONNUE


def octets_historiques(atr: bytes) -> bytes:
    """Historical bytes of a direct convention ATR (ISO 7816-3), b"" when it lies about its own length."""
    if len(atr) < 2 or atr[0] != 0x3B:
        return b""
    nombre, presence, position, controle = atr[1] & 0x0F, atr[1] >> 4, 2, False
    while presence:
        position += bin(presence).count("1")
        if not presence & 0x8:
            break
        if position > len(atr):
            return b""
        suivant = atr[position - 1]
        controle |= bool(suivant & 0x0F)
        presence = suivant >> 4
    attendu = position + nombre + controle
    return atr[position : position + nombre] if len(atr) == attendu else b""
