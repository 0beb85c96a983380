"""The workstation's database: one SQLite file, opened once a process, migrated at opening.

Nothing is lost once a transaction is left without error: WAL with ``synchronous=FULL``, so a commit is on the disk.
Each thread gets its own connection; writers wait for each other (`BEGIN IMMEDIATE`) up to `delai` seconds.
Every failure of the world comes out as an ErreurConnue (BASE_OCCUPEE, DISQUE_PLEIN, BASE_ABIMEE, BASE_INACCESSIBLE…).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .fichiers import creer_prive, dossier_prive
from .fichiers import traduire as traduire_systeme

FICHIER = "sesam.db"  # in the folder of a profile
DELAI_S = 5.0


class Base:
    """Opens `chemin` (created when absent, readable by its owner only) and binds the rows of `modeles` to it."""

    def __init__(self, chemin: Path, *, delai: float = DELAI_S) -> None:
        from . import migrations, modeles
        from .pilote import BaseSqlite

        self.chemin = chemin
        _creer_fichier(chemin)
        migrations.exiger_notre_fichier(chemin)
        self._sqlite = BaseSqlite(chemin, delai)
        try:
            migrations.preparer(self._sqlite)
        except BaseException:
            self._sqlite.tout_fermer()
            raise
        modeles.mandataire.initialize(self._sqlite)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Nested in another one, it joins it: a failure undoes its own part and, unless caught
        in between, the whole; nothing is kept before the outer one ends."""
        from .modeles import mandataire

        if mandataire.obj is not self._sqlite:
            raise RuntimeError("another database was opened since this one: rows would be written there")
        with self._sqlite.atomic("IMMEDIATE"):
            yield

    def connexion(self) -> sqlite3.Connection:
        """This thread's connection, for raw reading (controls, copies)."""
        return self._sqlite.connection()

    def fermer(self) -> None:
        """Close the connections of every thread. Calling it twice is harmless."""
        self._sqlite.tout_fermer()

    def __enter__(self) -> Base:
        return self

    def __exit__(self, *_: object) -> None:
        self.fermer()


def _creer_fichier(chemin: Path) -> None:
    try:
        dossier_prive(chemin.parent)
    except OSError as erreur:
        raise traduire_systeme(erreur, chemin) from erreur
    creer_prive(chemin)
