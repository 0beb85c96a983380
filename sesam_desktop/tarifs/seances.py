"""Nurse lines grouped by session.

Lines of one day are one session. A quantity of n on a line means that the session took place n times that day with
this act: quantities 2 and 1 make two sessions, the second one without the other line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .cotation import Demande

SUPPLEMENTS = ("deplacement", "kilometrique", "majoration")


@dataclass(frozen=True, slots=True)
class Seance:
    """`nombre` identical sessions of one day: their acts, and the supplements asked for by name.

    `premiere`: the day's first sessions, which hold every line of the day.
    """

    jour: date
    nombre: int
    premiere: bool
    actes: tuple[Demande, ...]
    supplements: tuple[Demande, ...]

    @property
    def lignes(self) -> tuple[Demande, ...]:
        return self.actes + self.supplements

    def demande(self, code: str) -> bool:
        """True when the supplement `code` was asked for by name."""
        return any(d.saisie.acte == code for d in self.supplements)


def seances(demandes: Iterable[Demande]) -> list[Seance]:
    """Sessions in the order of their days."""
    par_jour: dict[date, list[Demande]] = {}
    for demande in demandes:
        par_jour.setdefault(demande.jour, []).append(demande)
    return [seance for jour in sorted(par_jour) for seance in _du_jour(jour, par_jour[jour])]


def _du_jour(jour: date, lignes: list[Demande]) -> list[Seance]:
    resultat, faites = [], 0
    for palier in sorted({d.saisie.quantite for d in lignes}):
        presentes = [d for d in lignes if d.saisie.quantite >= palier]
        actes = tuple(d for d in presentes if d.genre not in SUPPLEMENTS)
        supplements = tuple(d for d in presentes if d.genre in SUPPLEMENTS)
        resultat.append(Seance(jour, palier - faites, not faites, actes, supplements))
        faites = palier
    return resultat
