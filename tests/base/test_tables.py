"""The door of the reference files; the rooms that use it test the rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.base.tables import FichierTables
from sesam_desktop.noyau.erreurs import ErreurConnue

SCHEMA = ("CREATE TABLE t (n INTEGER PRIMARY KEY)",)


@pytest.fixture
def fichier(tmp_path: Path) -> Iterator[FichierTables]:
    fichier = FichierTables(tmp_path / "t.db", SCHEMA, 1)
    yield fichier
    fichier.fermer()


def test_ecrire_puis_rouvrir(fichier: FichierTables) -> None:
    assert fichier.ecrire("INSERT INTO t VALUES (?)", (7,)) == 7
    fichier.ecrire_lot("INSERT INTO t VALUES (?)", [(8,), (9,)])
    fichier.fermer()
    rouvert = FichierTables(fichier.chemin, SCHEMA, 1)
    assert rouvert.lire("SELECT n FROM t") == [(7,), (8,), (9,)]
    rouvert.fermer()


def test_une_transaction_interrompue_ne_laisse_rien(fichier: FichierTables) -> None:
    with pytest.raises(KeyError), fichier.transaction():
        fichier.ecrire("INSERT INTO t VALUES (1)")
        raise KeyError
    assert fichier.lire("SELECT n FROM t") == []


def test_un_fichier_d_une_version_future_est_refuse(fichier: FichierTables) -> None:
    with pytest.raises(ErreurConnue) as vu:
        FichierTables(fichier.chemin, SCHEMA, 0)
    assert vu.value.code == "BASE_TROP_RECENTE"


def test_un_fichier_qui_n_est_pas_une_base(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_bytes(b"bonjour " * 200)
    with pytest.raises(ErreurConnue) as vu:
        FichierTables(tmp_path / "t.db", SCHEMA, 1)
    assert vu.value.code == "BASE_ABIMEE"


def test_occupee_par_un_autre(fichier: FichierTables) -> None:
    fichier.ecrire("PRAGMA busy_timeout = 50")
    autre = sqlite3.connect(fichier.chemin, isolation_level=None)
    autre.execute("BEGIN IMMEDIATE")
    try:
        for action in (
            lambda: fichier.ecrire("INSERT INTO t VALUES (1)"),
            lambda: fichier.ecrire_lot("INSERT INTO t VALUES (?)", [(1,)]),
        ):
            with pytest.raises(ErreurConnue) as vu:
                action()
            assert vu.value.code == "BASE_OCCUPEE"
    finally:
        autre.close()


def test_fermee(fichier: FichierTables) -> None:
    fichier.fermer()
    with pytest.raises(ErreurConnue) as vu:
        fichier.lire("SELECT 1")
    assert vu.value.code == "BASE_FERMEE"
