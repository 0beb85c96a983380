"""A SQLite file of reference tables, apart from the invoices: one door used by `referentiels` and `droits`.

Plain SQL, because tables of 20,000 rows are written at once. A reader keeps the old content until the writer's single
transaction is committed (WAL), so that a killed import leaves the old tables whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

from .copies import copier
from .erreurs_sqlite import traduire
from .fichiers import creer_prive

DELAI_S = 5.0


class FichierTables:
    """Opens (and creates) the file with `schema`, a list of SQL statements of version `version`.

    An older file is copied beside (``….avant-v2``) and brought up by `etapes`: the one of key n makes n + 1 of it, and
    all of them are one transaction.
    """

    def __init__(
        self, chemin: Path, schema: Sequence[str], version: int, etapes: Mapping[int, Etape] | None = None
    ) -> None:
        from .pilote import BaseSqlite

        self.chemin = chemin
        creer_prive(chemin)
        self._sqlite = BaseSqlite(chemin, DELAI_S)
        try:
            self._installer(schema, version, etapes or {})
        except BaseException:
            self._sqlite.tout_fermer()
            raise

    def lire(self, sql: str, parametres: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT."""
        return self._sqlite.execute_sql(sql, parametres).fetchall()

    def ecrire(self, sql: str, parametres: Sequence[Any] = ()) -> int:
        """Run one statement; the id of the row it inserted."""
        return self._sqlite.execute_sql(sql, parametres).lastrowid

    def ecrire_lot(self, sql: str, lignes: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of `lignes`."""
        try:
            self._sqlite.connection().executemany(sql, lignes)
        except sqlite3.Error as erreur:
            raise traduire(erreur, self.chemin) from erreur

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; takes the write lock at once."""
        with self._sqlite.atomic("IMMEDIATE"):
            yield

    def fermer(self) -> None:
        """Close the connections of every thread."""
        self._sqlite.tout_fermer()

    def _installer(self, schema: Sequence[str], version: int, etapes: Mapping[int, Etape]) -> None:
        with self.transaction():
            ((trouvee,),) = self.lire("PRAGMA user_version")
            if trouvee > version:
                raise ErreurConnue(
                    "Ce fichier de tables a été écrit par une version plus récente du programme.",
                    code="BASE_TROP_RECENTE",
                    ou=self.chemin.name,
                    action="Mettez le programme à jour.",
                )
            if trouvee == 0:
                for ordre in schema:
                    self.ecrire(ordre)
            elif trouvee < version:
                copier(self.chemin, self.chemin.with_name(f"{self.chemin.name}.avant-v{version}"))
                for depuis in range(trouvee, version):
                    etapes[depuis](self)
            if trouvee < version:
                self.ecrire(f"PRAGMA user_version = {version:d}")


Etape = Callable[[FichierTables], None]
