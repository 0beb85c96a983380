"""The door of the reference files; the rooms that use it test the rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
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


def test_un_ancien_fichier_passe_par_chaque_etape_et_sa_copie_reste(fichier: FichierTables) -> None:
    fichier.ecrire("INSERT INTO t VALUES (7)")
    fichier.fermer()
    etapes = {
        1: lambda f: f.ecrire("ALTER TABLE t ADD COLUMN m INTEGER DEFAULT 1"),
        2: lambda f: f.ecrire("UPDATE t SET m = m + 1"),
    }
    FichierTables(fichier.chemin, ("CREATE TABLE jamais (n)",), 3, etapes).fermer()
    ancien = f"{fichier.chemin}.avant-v3"
    with closing(sqlite3.connect(fichier.chemin)) as migre, closing(sqlite3.connect(ancien)) as copie:
        assert migre.execute("SELECT n, m FROM t").fetchall() == [(7, 2)]
        assert migre.execute("PRAGMA user_version").fetchone() == (3,)
        assert copie.execute("SELECT * FROM t").fetchall() == [(7,)]
        assert copie.execute("PRAGMA user_version").fetchone() == (1,)


def test_une_etape_qui_echoue_laisse_l_ancien_fichier(fichier: FichierTables) -> None:
    fichier.ecrire("INSERT INTO t VALUES (7)")
    fichier.fermer()
    with pytest.raises(KeyError):  # the step from 2 to 3 is missing
        FichierTables(fichier.chemin, (), 3, {1: lambda f: f.ecrire("DELETE FROM t")})
    rouvert = FichierTables(fichier.chemin, (), 1)
    assert rouvert.lire("SELECT n FROM t") == [(7,)]
    rouvert.fermer()


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
