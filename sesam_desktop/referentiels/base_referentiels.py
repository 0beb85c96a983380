"""The file of the reference tables (`referentiels.db`): versions of each source, written in one transaction each.

Every source is kept the same way: a `version` (source, date from which it is used) owns its rows. Medicines have tables
of their own; every other official table is a set of `article` rows: a code, a label and what its layout says, in JSON.
Each version has its own index of words, dropped with it, so that the search does not slow down as versions pile up.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sesam_desktop.base.recherche import plier
from sesam_desktop.base.tables import FichierTables

T = TypeVar("T")
VERSION_SCHEMA = 2
RELECTURE_S = 1.0  # what another process imported is seen after this delay at most
_SCHEMA_2 = (
    """CREATE TABLE article (
        id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES version (id), code TEXT NOT NULL,
        libelle TEXT NOT NULL, donnees TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX article_code ON article (version, code)",
    """CREATE TABLE hybride (
        version INTEGER NOT NULL, cis TEXT NOT NULL, groupe TEXT NOT NULL, type TEXT NOT NULL, libelle TEXT NOT NULL,
        PRIMARY KEY (version, cis, groupe)) WITHOUT ROWID""",
    "CREATE INDEX hybride_groupe ON hybride (version, groupe)",
    "CREATE INDEX generique_groupe ON generique (version, groupe)",
    "CREATE INDEX presentation_cis ON presentation (version, cis)",
    "CREATE TABLE revision (numero INTEGER NOT NULL)",
    "INSERT INTO revision VALUES (0)",
)
SCHEMA = (
    """CREATE TABLE version (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL, date TEXT NOT NULL, importee_le TEXT NOT NULL,
        lignes INTEGER NOT NULL, comptes TEXT NOT NULL, UNIQUE (source, date))""",
    """CREATE TABLE presentation (
        id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES version (id), cip13 TEXT NOT NULL,
        cip7 TEXT NOT NULL, cis TEXT NOT NULL, libelle TEXT NOT NULL, presentation TEXT NOT NULL, taux INTEGER,
        prix INTEGER, prix_avec_honoraire INTEGER, honoraire INTEGER, commercialise INTEGER NOT NULL)""",
    "CREATE UNIQUE INDEX presentation_cip13 ON presentation (version, cip13)",
    "CREATE INDEX presentation_cip7 ON presentation (version, cip7)",
    """CREATE TABLE specialite (
        version INTEGER NOT NULL, cis TEXT NOT NULL, libelle TEXT NOT NULL, forme TEXT NOT NULL, statut TEXT NOT NULL,
        commercialise INTEGER NOT NULL, titulaires TEXT NOT NULL, PRIMARY KEY (version, cis)) WITHOUT ROWID""",
    """CREATE TABLE generique (
        version INTEGER NOT NULL, cis TEXT NOT NULL, groupe TEXT NOT NULL, type TEXT NOT NULL, libelle TEXT NOT NULL,
        rang TEXT NOT NULL, PRIMARY KEY (version, cis, groupe)) WITHOUT ROWID""",
    *_SCHEMA_2,
)
_TABLES = ("presentation", "specialite", "generique", "hybride", "article")
_MOTS_DES_PRESENTATIONS = "SELECT id, libelle || ' ' || presentation FROM presentation WHERE version = ?"
# The demonstration answers only as long as no real table has been imported.
_EN_VIGUEUR = """
    SELECT id, date, date > ?1 FROM version WHERE source IN ({})
    ORDER BY source = 'demonstration', date > ?1, CASE WHEN date > ?1 THEN date END, date DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class VersionReferentiel:
    """One imported state of one source. `date` (AAAA-MM-JJ) is the day from which it is used."""

    id: int
    source: str
    date: str
    importee_le: str
    lignes: int


class EnVigueur(NamedTuple):
    """The version that answers at one day. `hors_periode`: it is later, no older one is known."""

    id: int
    date: str
    hors_periode: bool


@dataclass(frozen=True, slots=True)
class Compte:
    """How many rows of one file were read and kept."""

    fichier: str
    lues: int
    gardees: int


class BaseReferentiels:
    """The tables of one workstation. Several threads may read while one imports."""

    def __init__(self, chemin: Path) -> None:
        self._fichier = FichierTables(chemin, SCHEMA, VERSION_SCHEMA, {1: _vers_2})
        self._revision, self._relire_a = -1, 0.0
        self._memoire = lru_cache(maxsize=512)(self._chercher_en_vigueur)

    def lire(self, sql: str, parametres: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT."""
        return self._fichier.lire(sql, parametres)

    def ecrire_lot(self, sql: str, lignes: Iterable[Sequence[Any]]) -> None:
        """Write rows, inside `nouvelle_version`."""
        self._fichier.ecrire_lot(sql, lignes)

    def versions(self, source: str = "") -> list[VersionReferentiel]:
        """Every version kept (of `source`, or of all of them), newest first."""
        lignes = self.lire(
            "SELECT id, source, date, importee_le, lignes FROM version WHERE ?1 IN ('', source)"
            " ORDER BY date DESC, id DESC",
            (source,),
        )
        return [VersionReferentiel(*ligne) for ligne in lignes]

    def en_vigueur(self, sources: tuple[str, ...], jour: date) -> EnVigueur | None:
        """The version of these sources in force on `jour`, else the oldest one; None when there is none at all."""
        return self._memoire(self.revision(), sources, jour)

    def revision(self) -> int:
        """A number that another one follows at each import: what was remembered under an older one is stale."""
        if time.monotonic() >= self._relire_a:
            self.relire()
        return self._revision

    def relire(self) -> int:
        """The same, asked to the file now."""
        ((self._revision,),) = self.lire("SELECT numero FROM revision")
        self._relire_a = time.monotonic() + RELECTURE_S
        return self._revision

    def a_jour(self, chercher: Callable[[], T]) -> T:
        """What `chercher` finds. Nothing, or a failure, is asked again when an import ended meanwhile.

        The import may have dropped the rows, or the index of words, of the version that was about to answer.
        """
        revision = self.revision()
        try:
            trouve = chercher()
        except Exception:
            if self.relire() == revision:
                raise
            return chercher()
        return trouve if trouve or self.relire() == revision else chercher()

    @contextmanager
    def nouvelle_version(
        self, source: str, date: str, comptes: Sequence[Compte], lignes: int | None = None
    ) -> Iterator[int]:
        """Transaction that adds a version (or replaces the one of the same date) and yields its id.

        lignes  how many rows the table has; by default, the rows kept of its files
        """
        if lignes is None:
            lignes = sum(c.gardees for c in comptes)
        detail = json.dumps([asdict(c) for c in comptes], ensure_ascii=False)
        with self._fichier.transaction():
            self._oublier(source, date)
            yield self._fichier.ecrire(
                "INSERT INTO version (source, date, importee_le, lignes, comptes) VALUES (?, ?, ?, ?, ?)",
                (source, date, datetime.now(UTC).isoformat(timespec="seconds"), lignes, detail),
            )
            self._fichier.ecrire("UPDATE revision SET numero = numero + 1")
        self._relire_a = 0.0

    def indexer_presentations(self, version: int) -> None:
        """Make the presentations of `version` searchable by words, inside `nouvelle_version`."""
        _indexer_presentations(self._fichier, version)

    def ouvrir_index(self, version: int) -> None:
        """Create the index of words of `version`, inside `nouvelle_version`."""
        _ouvrir_index(self._fichier, version)

    def indexer(self, version: int, textes: Iterable[tuple[int, str]]) -> None:
        """Add what a search looks at, (row id, text), to the index of words of `version`."""
        _indexer(self._fichier, version, textes)

    def _chercher_en_vigueur(self, _revision: int, sources: tuple[str, ...], jour: date) -> EnVigueur | None:
        noms = ", ".join(f"?{rang}" for rang in range(2, len(sources) + 2))
        lignes = self.lire(_EN_VIGUEUR.format(noms), (jour.isoformat(), *sources))
        return EnVigueur(lignes[0][0], lignes[0][1], bool(lignes[0][2])) if lignes else None

    def _oublier(self, source: str, date: str) -> None:
        for (ancienne,) in self.lire("SELECT id FROM version WHERE source = ? AND date = ?", (source, date)):
            self._fichier.ecrire(f"DROP TABLE IF EXISTS {nom_index(ancienne)}")
            for table in _TABLES:
                self._fichier.ecrire(f"DELETE FROM {table} WHERE version = ?", (ancienne,))  # noqa: S608 - constants
            self._fichier.ecrire("DELETE FROM version WHERE id = ?", (ancienne,))

    def fermer(self) -> None:
        """Close this thread's connection."""
        self._fichier.fermer()


def nom_index(version: int) -> str:
    """Name of the table that holds the words of one version."""
    return f"mots_{version:d}"


def _ouvrir_index(fichier: FichierTables, version: int) -> None:
    fichier.ecrire(
        f"CREATE VIRTUAL TABLE {nom_index(version)} USING fts5("
        "texte, content='', prefix='1 2 3 4', tokenize='unicode61 remove_diacritics 2')"
    )


def _indexer_presentations(fichier: FichierTables, version: int) -> None:
    _ouvrir_index(fichier, version)
    _indexer(fichier, version, fichier.lire(_MOTS_DES_PRESENTATIONS, (version,)))


def _indexer(fichier: FichierTables, version: int, textes: Iterable[tuple[Any, ...]]) -> None:
    # Folded here and not by a function given to SQLite, which would hide a Ctrl-C as an error of its own.
    ordre = f"INSERT INTO {nom_index(version)} (rowid, texte) VALUES (?, ?)"  # noqa: S608 - our number
    fichier.ecrire_lot(ordre, ((rang, plier(texte)) for rang, texte in textes))


def _vers_2(fichier: FichierTables) -> None:
    """Articles of any official table, hybrid groups; one index of words a version instead of one for all."""
    for ordre in ("DROP TABLE recherche", "DROP INDEX presentation_version", *_SCHEMA_2):
        fichier.ecrire(ordre)
    for (version,) in fichier.lire("SELECT id FROM version"):
        _indexer_presentations(fichier, version)
