"""One dated table in memory: rows found by their keys, at a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import ErreurConnue

TOUS = "*"
_QUESTIONS_GARDEES = 2_000  # an invoice asks a table the same few things line after line


class HorsTable(ErreurConnue):
    """Nothing in the table for this key at this date."""

    code = "HORS_TABLE"


@dataclass(frozen=True, slots=True, eq=False)
class Ligne:
    """One dated row. ``ligne["prix"]`` is the cell, already of its column's type."""

    valeurs: Mapping[str, Any]
    debut: date
    fin: date | None
    source: str
    certitude: str
    table: str
    version: str
    numero: int

    def __getitem__(self, colonne: str) -> Any:
        return self.valeurs[colonne]

    @property
    def a_confirmer(self) -> bool:
        """True when no published source stands behind the row."""
        return self.certitude in ("M", "P")

    def en_vigueur(self, jour: date) -> bool:
        return self.debut <= jour and (self.fin is None or jour <= self.fin)


class Table:
    """Rows of one file, indexed by their keys, then by their first day. `types`: how each column is written."""

    def __init__(
        self, nom: str, version: str, cles: tuple[str, ...], lignes: list[Ligne], types: Mapping[str, str]
    ) -> None:
        self.nom, self.version, self.cles, self.types = nom, version, cles, types
        self._lignes = lignes
        self._index: dict[tuple[str, ...], list[Ligne]] = {}
        for ligne in sorted(lignes, key=lambda ligne: ligne.debut):
            self._index.setdefault(tuple(str(ligne[c]) for c in cles), []).append(ligne)
        self._debuts = {cle: [ligne.debut for ligne in suite] for cle, suite in self._index.items()}
        self._masques = _masques_utiles(self._index)
        self._connues: dict[tuple[Any, ...], Ligne | None] = {}

    def trouver(self, jour: date, **cles: str) -> Ligne | None:
        """The row of these keys in force on `jour`, or None. An exact row goes before a ``*`` one."""
        question = (jour, *cles.items())
        try:
            return self._connues[question]
        except KeyError:
            ligne = self._trouver(jour, cles)
        if len(self._connues) >= _QUESTIONS_GARDEES:
            self._connues.clear()
        self._connues[question] = ligne
        return ligne

    def _trouver(self, jour: date, cles: Mapping[str, str]) -> Ligne | None:
        voulue = tuple(cles[nom] for nom in self.cles)
        for masque in self._masques:
            cle = tuple(TOUS if cache else v for cache, v in zip(masque, voulue, strict=True))
            if (ligne := self._en_vigueur(cle, jour)) is not None:
                return ligne
        return None

    def a_la_date(self, jour: date, **cles: str) -> Ligne:
        """Same as `trouver`; raises HorsTable (HORS_TABLE) when there is none."""
        ligne = self.trouver(jour, **cles)
        if ligne is None:
            quoi = ", ".join(f"{nom} « {cles[nom]} »" for nom in self.cles)
            raise HorsTable(
                f"La table « {self.nom} » ({self.version}) n'a rien pour {quoi} au {dates.formater(jour)}.",
                action="Vérifiez le code et la date, ou mettez les tables à jour.",
            )
        return ligne

    def lignes(self, jour: date) -> list[Ligne]:
        """Every row in force on `jour`, in the order of the file."""
        return [ligne for ligne in self._lignes if ligne.en_vigueur(jour)]

    def toutes(self) -> list[Ligne]:
        """Every row, whatever its dates, in the order of the file."""
        return list(self._lignes)

    def colonnes(self) -> tuple[str, ...]:
        """Names of the columns that are not common to all tables."""
        return tuple(self._lignes[0].valeurs) if self._lignes else ()

    def connait(self, **cles: str) -> bool:
        """True when these keys have a row of their own, whatever its dates."""
        return tuple(cles[nom] for nom in self.cles) in self._index

    def _en_vigueur(self, cle: tuple[str, ...], jour: date) -> Ligne | None:
        debuts = self._debuts.get(cle)
        rang = bisect_right(debuts, jour) - 1 if debuts else -1
        if rang < 0:
            return None
        ligne = self._index[cle][rang]
        return ligne if ligne.fin is None or jour <= ligne.fin else None


def _masques_utiles(cles: Mapping[tuple[str, ...], Any]) -> list[tuple[bool, ...]]:
    """Which keys are ``*`` in this table, the most precise combination first."""
    return sorted({tuple(v == TOUS for v in cle) for cle in cles}, key=lambda m: (sum(m), m))
