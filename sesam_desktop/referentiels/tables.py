"""Dated tables shipped with the program (`resources/tarifs/*.csv`): tariffs, rates, thresholds, code lists.

A file starts with comment lines ``# version: …`` and ``# cles: …``, then a header ``colonne:type``. Every row ends with
``date_debut;date_fin;source;certitude``; an empty end means "still in force". A key written ``*`` answers for every
value that has no row of its own. Two rows of one key may neither overlap nor leave a gap: the file is refused at load.

A table may also be a folder of such files (one a trade), read as one.

certitude: S read in a published source, D checked on public data, M known but not sourced, P decision of this project.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Protocol

from sesam_desktop.noyau.erreurs import FormatInvalide
from sesam_desktop.noyau.ressources import ressource

from .lecture_tables import lire, reunir
from .table import TOUS, HorsTable, Ligne, Table

__all__ = ("TOUS", "DossierTables", "HorsTable", "Ligne", "SourceTables", "Table", "charger", "lire", "noms")


class SourceTables(Protocol):
    """Where tables come from: this module, or a folder."""

    def charger(self, nom: str) -> Table: ...


class DossierTables:
    """Tables of one folder, read once, when first asked."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier
        self._lues: dict[str, Table] = {}

    def charger(self, nom: str) -> Table:
        """The table `nom`. Raises FormatInvalide with file and line when the file breaks a rule above."""
        if nom not in self._lues:
            parts = sorted((self._dossier / nom).glob("*.csv")) or [self._dossier / f"{nom}.csv"]
            self._lues[nom] = reunir(nom, [lire(nom, _texte_de(chemin), chemin.name) for chemin in parts])
        return self._lues[nom]

    def noms(self) -> list[str]:
        """Every table of the folder, in alphabetical order."""
        return sorted({chemin.stem for chemin in self._dossier.iterdir() if chemin.suffix == ".csv" or chemin.is_dir()})


def _texte_de(chemin: Path) -> str:
    try:
        return chemin.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise FormatInvalide(
            "Cette table ne peut pas être lue.", code="TABLE_ILLISIBLE", fichier=chemin.name,
            action="Réinstallez le programme.",
        ) from None


@lru_cache(maxsize=1)
def _livrees() -> DossierTables:
    return DossierTables(ressource("tarifs"))


def charger(nom: str) -> Table:
    """One of the tables shipped with the program."""
    return _livrees().charger(nom)


def noms() -> list[str]:
    """Names of the tables shipped with the program."""
    return _livrees().noms()
