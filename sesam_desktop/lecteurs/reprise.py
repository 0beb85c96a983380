"""Which commands may be sent to a card again when their answer was lost on the way."""

from __future__ import annotations

_LECTURES = frozenset((0xB0, 0xCA, 0xCB))  # commands that may be sent twice without harm
_CHOIX = 0xA4
_SANS_DEPENDANCE = (0x02, 0x04, 0x08)  # a file of the folder one is in, a name, a path from the master file
_MAITRE = b"\x3f\x00"


def se_repete(apdu: bytes) -> bool:
    """Whether a card that did this already does the same again. A SELECT of a sub-folder would look below it."""
    if apdu[1] != _CHOIX:
        return apdu[1] in _LECTURES
    return (apdu[2] in _SANS_DEPENDANCE or apdu[5:7] == _MAITRE) and not apdu[3] & 0x03
