"""Taking the sensitive zones out of records, to be encrypted apart, and putting them back.

Which zones are sensitive is written in the layout tables: CIP, LPP and CCAM codes, justification of exemption,
prescriber. Masked records keep their shape (blanks, or zeros in digit zones), so that they are still readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sesam_desktop.noyau.erreurs import FormatInvalide

from ..enregistrement import Enregistrement
from ..zones import Zone


def masquer_zones(enregistrements: Iterable[Enregistrement]) -> tuple[list[Enregistrement], bytes]:
    """Records without their sensitive values, and those values one after another in record order."""
    masques, retires = [], bytearray()
    for enregistrement in enregistrements:
        octets = bytearray(enregistrement.octets)
        for zone in _sensibles(enregistrement):
            retires += octets[zone.debut : zone.fin]
            octets[zone.debut : zone.fin] = (b"0" if zone.numerique else b" ") * zone.longueur
        masques.append(replace(enregistrement, octets=bytes(octets)))
    return masques, bytes(retires)


def restaurer_zones(enregistrements: Iterable[Enregistrement], retires: bytes) -> list[Enregistrement]:
    """Exact inverse of `masquer_zones`. Raises FormatInvalide when the packed values do not fit these records."""
    restaures, position = [], 0
    for enregistrement in enregistrements:
        octets = bytearray(enregistrement.octets)
        for zone in _sensibles(enregistrement):
            octets[zone.debut : zone.fin] = retires[position : position + zone.longueur]
            position += zone.longueur
        restaures.append(replace(enregistrement, octets=bytes(octets)))
    if position != len(retires):
        raise FormatInvalide(
            "Les zones chiffrées ne correspondent pas aux enregistrements de la facture.", code="ZONES_SENSIBLES"
        )
    return restaures


def _sensibles(enregistrement: Enregistrement) -> Iterator[Zone]:
    layout = enregistrement.layout
    return (zone for zone in (layout.zones if layout else ()) if zone.sensible)
