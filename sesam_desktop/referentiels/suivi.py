"""An import as it goes (progress, cancellation) and what it did in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from sesam_desktop.noyau.erreurs import Annulation

from .base_referentiels import Compte
from .bdpm import Rejet

T = TypeVar("T")
Progression = Callable[[int, int], None]
PAS = 1000


@dataclass(frozen=True, slots=True)
class Bilan:
    """What an import did. `lignes` is the size of the table installed.

    rejets     lines of the files that were not kept; remarques: kept, but they deserve a look
    fichiers   lines read and kept of each file (several lines of a file may make one row, or none)
    """

    source: str
    version: str
    lignes: int
    rejets: list[Rejet]
    remarques: list[Rejet] = field(default_factory=list)
    fichiers: list[Compte] = field(default_factory=list)


class Suivi:
    """Counts what is done, tells it every `PAS` rows, and stops the import when asked to."""

    def __init__(self, total: int, progression: Progression | None, annuler: Callable[[], bool] | None) -> None:
        self._total, self._fait = total, 0
        self._progression, self._annuler = progression, annuler

    def avancer(self, nombre: int = 1) -> None:
        """`nombre` more rows are done."""
        avant, self._fait = self._fait, self._fait + nombre
        if self._fait // PAS == avant // PAS and self._fait != self._total:
            return
        if self._annuler and self._annuler():
            raise Annulation
        if self._progression:
            self._progression(min(self._fait, self._total), self._total)

    def suivre(self, lignes: Iterable[T]) -> Iterator[T]:
        """The same rows, counted as they go."""
        for ligne in lignes:
            self.avancer()
            yield ligne

    def par_lots(self, lignes: list[T]) -> Iterator[list[T]]:
        """The same rows by slices of `PAS`, counted once each slice has been used."""
        for debut in range(0, len(lignes), PAS):
            lot = lignes[debut : debut + PAS]
            yield lot
            self.avancer(len(lot))

    def terminer(self) -> None:
        """Everything is done, rejected rows included."""
        if self._progression and self._fait != self._total:
            self._progression(self._total, self._total)
