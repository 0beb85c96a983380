"""A copy of a live database, whole at one instant, by SQLite's own backup (WAL included)."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from .erreurs_sqlite import traduire as traduire_sqlite
from .fichiers import MODE_PRIVE, synchroniser_dossier
from .fichiers import traduire as traduire_systeme


def ouvrir_en_lecture(chemin: Path) -> sqlite3.Connection:
    """A plain connection that can change nothing."""
    return sqlite3.connect(f"{chemin.absolute().as_uri()}?mode=ro", uri=True)


def copier(source: Path, cible: Path) -> None:
    """Copy `source` to `cible`, which appears only when complete and on the disk."""
    provisoire = cible.with_name(f".{cible.name}.tmp")
    try:
        _copier_dans(source, provisoire)
        provisoire.replace(cible)
        synchroniser_dossier(cible.parent)
    except OSError as erreur:
        raise traduire_systeme(erreur, cible) from erreur
    except sqlite3.Error as erreur:
        raise traduire_sqlite(erreur, source) from erreur
    finally:
        provisoire.unlink(missing_ok=True)


def _copier_dans(source: Path, provisoire: Path) -> None:
    provisoire.unlink(missing_ok=True)
    os.close(os.open(provisoire, os.O_CREAT | os.O_WRONLY | os.O_EXCL, MODE_PRIVE))
    with closing(ouvrir_en_lecture(source)) as lue, closing(sqlite3.connect(provisoire)) as ecrite:
        lue.backup(ecrite)
        ecrite.execute("PRAGMA journal_mode = delete")  # one file, without -wal beside
    with provisoire.open("rb+") as flux:
        os.fsync(flux.fileno())
