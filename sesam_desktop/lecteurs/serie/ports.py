"""USB readers that present a serial port, told by the numbers of their maker and model.

The list holds what is published, with its source. Some numbers are shared with payment terminals: such a port is shown,
and never spoken to unless galss.ini declares it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from sesam_desktop.noyau.ressources import ressource

from .port import PortVu, ports_vus

_LECTEUR = "lecteur"


@dataclass(frozen=True, slots=True)
class AppareilUsb:
    """One row of `usb_serie.csv`. `certitude`: S sourced, D deduced."""

    vid: int
    pid: int
    fabricant: str
    modele: str
    usage: str
    certitude: str
    source: str

    @property
    def automatique(self) -> bool:
        """True for what is nothing else than a reader of health cards: it may be spoken to without being declared."""
        return self.usage == _LECTEUR


@dataclass(frozen=True, slots=True)
class LecteurUsb:
    """A port behind which such a device is plugged."""

    port: str
    appareil: AppareilUsb


@cache
def connus() -> tuple[AppareilUsb, ...]:
    """Every device of the list."""
    with ressource("lecteurs", "usb_serie.csv").open(encoding="utf-8", newline="") as flux:
        return tuple(_appareil(*rangee) for rangee in list(csv.reader(flux, delimiter=";", strict=True))[1:])


def _appareil(vid: str, pid: str, fabricant: str, modele: str, usage: str, certitude: str, source: str) -> AppareilUsb:
    return AppareilUsb(int(vid, 16), int(pid, 16), fabricant, modele, usage, certitude, source)


def detectes(lister: Callable[[], Iterable[PortVu]] = ports_vus) -> list[LecteurUsb]:
    """Devices of the list that are plugged now, by name of port."""
    numeros: dict[tuple[int | None, int | None], AppareilUsb] = {(a.vid, a.pid): a for a in connus()}
    trouves = [LecteurUsb(p.nom, numeros[p.vid, p.pid]) for p in lister() if (p.vid, p.pid) in numeros]
    return sorted(trouves, key=lambda lecteur: lecteur.port)
