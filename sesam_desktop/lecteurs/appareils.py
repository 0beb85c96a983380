"""From the name of a slot to its device, as PC/SC names them on Windows, macOS and Linux.

A device with several slots shows as several readers whose names differ by a trailing number or by an interface word.
Names are those met on workstations; two devices of one model have one name (nothing in PC/SC tells them apart).
"""

from __future__ import annotations

import re

_HORS_USAGE = re.compile(
    r"(?i)windows hello|virtual smart ?card|uicc|yubikey|nitrokey"
    r"|contactless|sans contact|(?<![a-z])nfc(?![a-z])|rfid|picc|(?<![a-z])cl(?![a-z])"
)
_MARQUES_DE_FENTE = tuple(
    re.compile(motif)
    for motif in (
        r"\s[0-9A-F]{2}\s[0-9A-F]{2}$",  # pcsc-lite: reader, slot
        r"\s?\(?\b[0-9]{1,2}\)?$",  # Windows and macOS: "… 0", "… 01", "TELIUM(1)"
        r"\s?\[[^\]]*\](?=$|\s\()",  # pcsc-lite: USB interface, before the serial number
        r"(?i)\s(?:CPS|CV1/CV2|CV[0-9]?|NFC|CL|contactless|contact|sans contact|PICC|ICC|SAM)(?:\s(?:reader|slot))?$",
    )
)


def appareil(fente: str) -> str:
    """Name of the device that holds this slot. Never empty; the same for a name already cut."""
    nom = fente.strip()
    while True:
        court = nom
        for motif in _MARQUES_DE_FENTE:
            court = motif.sub("", court).strip() or court
        if court == nom:
            return nom or "Lecteur sans nom"
        nom = court


def hors_usage(fente: str) -> bool:
    """A contactless interface, a security key, a reader the system invents (Windows Hello): no place for our cards."""
    return _HORS_USAGE.search(fente) is not None
