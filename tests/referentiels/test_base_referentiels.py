"""The file itself: old schemas, versions in force, what an import makes stale."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.medicaments import Medicaments

ECHANTILLONS = Path(__file__).parent / "echantillons"


def test_un_fichier_du_schema_1_garde_ce_qui_etait_importe(tmp_path: Path) -> None:
    """`referentiels_v1.db`: the demonstration table, then the small BDPM at 20.00 € (March) and 24.34 € (July)."""
    chemin = Path(shutil.copy(ECHANTILLONS / "referentiels_v1.db", tmp_path / "referentiels.db"))
    base = BaseReferentiels(chemin)
    medicaments = Medicaments(base)
    assert [(v.source, v.date, v.lignes) for v in base.versions()] == [
        ("bdpm", "2026-07-24", 8), ("demonstration", "2026-07-24", 41), ("bdpm", "2026-03-01", 8),
    ]
    for jour, prix in ((date(2026, 8, 1), 2434), (date(2026, 4, 1), 2000)):
        assert [m.prix_centimes for m in medicaments.chercher("anastrozole", jour)] == [prix, 6868]
    base.fermer()
    with closing(sqlite3.connect(tmp_path / "referentiels.db.avant-v2")) as copie:
        assert copie.execute("PRAGMA user_version").fetchone() == (1,)


def test_un_fichier_migre_a_le_schema_d_un_fichier_neuf(tmp_path: Path) -> None:
    shutil.copy(ECHANTILLONS / "referentiels_v1.db", tmp_path / "migre.db")
    schemas = []
    for nom in ("migre.db", "neuf.db"):
        BaseReferentiels(tmp_path / nom).fermer()
        with closing(sqlite3.connect(tmp_path / nom)) as connexion:
            schemas.append(
                set(connexion.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'mots%'")),
            )
    assert schemas[0] == schemas[1]
