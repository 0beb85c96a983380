"""What a return announces of itself, recounted while it is read: its 990 and its 999.

A 990 is recounted from the last entity of the code it says it closes, whatever the level: project reading, since the
norm's own rule is not public. It closes with it the levels that were opened inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..entites import signe_applique

OUVRANTES = ("010", "020", "040", "070", "071", "080", "081", "100", "102")
"""The entities after which others are of a lower level: what a 990 may say it closes."""


@dataclass(frozen=True, slots=True)
class Ecart:
    """`zone` of the entity announces `annonce`; what it speaks of holds `recompte`. Amounts are signed centimes."""

    entite: str
    zone: str
    annonce: int
    recompte: int
    ligne: int = 0


@dataclass(slots=True)
class Recompte:
    """Running counters; `ouvertures` holds their value (entities, centimes) where each level still open began."""

    lus: int = 0
    lots: int = 0
    entites: int = 0
    montant: int = 0
    ouvertures: dict[str, tuple[int, int]] = field(default_factory=dict)
    fermes: set[str] = field(default_factory=set)

    def compter(self, code: str, montant: int = 0) -> None:
        """One more entity, and what it pays."""
        self.lus += 1
        self.lots += code == "080"
        self.entites += code != "990"
        self.montant += montant
        if code in OUVRANTES:
            self.ouvertures.pop(code, None)  # the last opened is the last of the dict
            self.ouvertures[code] = (self.entites, self.montant)
            self.fermes.discard(code)

    def clore(self, zones: dict[str, Any], ligne: int = 0) -> Iterator[Ecart]:
        """What a 990 that closes an open level says wrongly of it; the level is closed."""
        clos = zones["niveau_clos"]
        entites, montant = self.ouvertures[clos]
        ouvertes = list(self.ouvertures)
        for code in ouvertes[ouvertes.index(clos) :]:
            del self.ouvertures[code]
            self.fermes.add(code)
        recomptes = {"nombre_entites": self.entites - entites, "cumul": self.montant - montant}
        return _ecarts("990", zones, recomptes, ligne)

    def finir(self, zones: dict[str, Any], ligne: int = 0) -> Iterator[Ecart]:
        """What the 999 says wrongly of the file."""
        recomptes = {"nombre_enregistrements": self.lus, "nombre_lots": self.lots, "cumul": self.montant}
        return _ecarts("999", zones, recomptes, ligne)


def _ecarts(entite: str, zones: dict[str, Any], recomptes: dict[str, int], ligne: int) -> Iterator[Ecart]:
    """A zone left blank announces nothing."""
    for zone, recompte in recomptes.items():
        annonce = signe_applique(zones, zone) if zone == "cumul" else zones[zone]
        if zones[zone] is not None and annonce != recompte:
            yield Ecart(entite, zone, annonce, recompte, ligne)
