"""peewee's SQLite database with our errors and our settings. Importing this module imports peewee: do it late.

One connection a thread, all of them closed together. Errors are translated at the cursor, the one place every query,
fetch and commit goes through, so that no room has to know sqlite3's exceptions.
"""

from __future__ import annotations

import logging
import sqlite3
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase

from .erreurs_sqlite import fermee, traduire
from .recherche import plier

_REGLAGES = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "trusted_schema": 0}

# peewee writes each query with its values at DEBUG level: names and NIR would reach a log.
logging.getLogger("peewee").setLevel(logging.WARNING)


class _Curseur(sqlite3.Cursor):
    connection: _Connexion

    def _essayer(self, action: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return action(*arguments)
        except sqlite3.Error as erreur:
            raise traduire(erreur, self.connection.chemin) from erreur

    def execute(self, *arguments: Any) -> Any:
        return self._essayer(super().execute, *arguments)

    def executemany(self, *arguments: Any) -> Any:
        return self._essayer(super().executemany, *arguments)

    def fetchone(self) -> Any:
        return self._essayer(super().fetchone)

    def fetchall(self) -> Any:
        return self._essayer(super().fetchall)


class _Connexion(sqlite3.Connection):
    chemin: Path

    def cursor(self, *_: Any) -> _Curseur:  # type: ignore[override]
        try:
            return super().cursor(_Curseur)
        except sqlite3.ProgrammingError as erreur:
            raise traduire(erreur, self.chemin) from erreur


class BaseSqlite(SqliteDatabase):
    """`delai` is how long a writer waits for another one, in seconds."""

    def __init__(self, chemin: Path, delai: float) -> None:
        self.chemin = chemin
        self._ouvertes: weakref.WeakSet[_Connexion] = weakref.WeakSet()
        self._fermee = False
        fabrique = type("ConnexionDeFichier", (_Connexion,), {"chemin": chemin})
        super().__init__(str(chemin), pragmas=_REGLAGES, timeout=delai, factory=fabrique, check_same_thread=False)
        self.register_function(plier, "plier", 1)

    def _connect(self) -> _Connexion:
        if self._fermee:
            raise fermee(self.chemin)
        try:
            connexion = super()._connect()  # type: ignore[misc]
        except sqlite3.Error as erreur:
            raise traduire(erreur, self.chemin) from erreur
        self._ouvertes.add(connexion)
        return connexion

    def rollback(self) -> None:
        """SQLite undoes a transaction by itself on a full disk: asking again would hide the first error."""
        if self.connection().in_transaction:
            super().rollback()

    def tout_fermer(self) -> None:
        """Close every thread's connection, for good."""
        self._fermee = True
        self.close()
        for connexion in list(self._ouvertes):
            connexion.close()
