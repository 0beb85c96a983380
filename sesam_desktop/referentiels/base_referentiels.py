"""The file of the reference tables (`referentiels.db`): versions of each source, written in one transaction each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sesam_desktop.base.tables import FichierTables

VERSION_SCHEMA = 1
SCHEMA = (
    """CREATE TABLE version (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL, date TEXT NOT NULL, importee_le TEXT NOT NULL,
        lignes INTEGER NOT NULL, comptes TEXT NOT NULL, UNIQUE (source, date))""",
    """CREATE TABLE presentation (
        id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES version (id), cip13 TEXT NOT NULL,
        cip7 TEXT NOT NULL, cis TEXT NOT NULL, libelle TEXT NOT NULL, presentation TEXT NOT NULL, taux INTEGER,
        prix INTEGER, prix_avec_honoraire INTEGER, honoraire INTEGER, commercialise INTEGER NOT NULL)""",
    "CREATE UNIQUE INDEX presentation_cip13 ON presentation (version, cip13)",
    "CREATE INDEX presentation_version ON presentation (version)",
    "CREATE INDEX presentation_cip7 ON presentation (version, cip7)",
    """CREATE TABLE specialite (
        version INTEGER NOT NULL, cis TEXT NOT NULL, libelle TEXT NOT NULL, forme TEXT NOT NULL, statut TEXT NOT NULL,
        commercialise INTEGER NOT NULL, titulaires TEXT NOT NULL, PRIMARY KEY (version, cis)) WITHOUT ROWID""",
    """CREATE TABLE generique (
        version INTEGER NOT NULL, cis TEXT NOT NULL, groupe TEXT NOT NULL, type TEXT NOT NULL, libelle TEXT NOT NULL,
        rang TEXT NOT NULL, PRIMARY KEY (version, cis, groupe)) WITHOUT ROWID""",
    """CREATE VIRTUAL TABLE recherche USING fts5(
        texte, content='', prefix='2 3 4', tokenize='unicode61 remove_diacritics 2')""",
)


@dataclass(frozen=True, slots=True)
class VersionReferentiel:
    """One imported state of one source. `date` (AAAA-MM-JJ) is the day from which it is used."""

    id: int
    source: str
    date: str
    importee_le: str
    lignes: int


@dataclass(frozen=True, slots=True)
class Compte:
    """How many rows of one file were read and kept."""

    fichier: str
    lues: int
    gardees: int


class BaseReferentiels:
    """The tables of one workstation. Several threads may read while one imports."""

    def __init__(self, chemin: Path) -> None:
        self._fichier = FichierTables(chemin, SCHEMA, VERSION_SCHEMA)

    def lire(self, sql: str, parametres: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT."""
        return self._fichier.lire(sql, parametres)

    def ecrire_lot(self, sql: str, lignes: Iterable[Sequence[Any]]) -> None:
        """Write rows, inside `nouvelle_version`."""
        self._fichier.ecrire_lot(sql, lignes)

    def versions(self) -> list[VersionReferentiel]:
        """Every version kept, newest first."""
        lignes = self.lire("SELECT id, source, date, importee_le, lignes FROM version ORDER BY date DESC, id DESC")
        return [VersionReferentiel(*ligne) for ligne in lignes]

    @contextmanager
    def nouvelle_version(self, source: str, date: str, comptes: Sequence[Compte]) -> Iterator[int]:
        """Transaction that adds a version (or replaces the one of the same date) and yields its id."""
        lignes = sum(c.gardees for c in comptes)
        detail = json.dumps([asdict(c) for c in comptes], ensure_ascii=False)
        with self._fichier.transaction():
            self._oublier(source, date)
            yield self._fichier.ecrire(
                "INSERT INTO version (source, date, importee_le, lignes, comptes) VALUES (?, ?, ?, ?, ?)",
                (source, date, datetime.now(UTC).isoformat(timespec="seconds"), lignes, detail),
            )

    def indexer(self, version: int) -> None:
        """Make the presentations of `version` searchable by words, inside `nouvelle_version`."""
        self._fichier.ecrire(
            "INSERT INTO recherche (rowid, texte) SELECT id, libelle || ' ' || presentation FROM presentation"
            " WHERE version = ?",
            (version,),
        )

    def _oublier(self, source: str, date: str) -> None:
        for (ancienne,) in self.lire("SELECT id FROM version WHERE source = ? AND date = ?", (source, date)):
            self._fichier.ecrire(
                "INSERT INTO recherche (recherche, rowid, texte) "
                "SELECT 'delete', id, libelle || ' ' || presentation FROM presentation WHERE version = ?",
                (ancienne,),
            )
            for ordre in (
                "DELETE FROM presentation WHERE version = ?",
                "DELETE FROM specialite WHERE version = ?",
                "DELETE FROM generique WHERE version = ?",
                "DELETE FROM version WHERE id = ?",
            ):
                self._fichier.ecrire(ordre, (ancienne,))

    def fermer(self) -> None:
        """Close this thread's connection."""
        self._fichier.fermer()
