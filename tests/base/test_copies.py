from __future__ import annotations

from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.copies import copier
from sesam_desktop.noyau.erreurs import ErreurConnue


def _refus(source: Path, cible: Path) -> str:
    with pytest.raises(ErreurConnue) as refus:
        copier(source, cible)
    return refus.value.code


def test_une_source_illisible_ne_remplace_rien(tmp_path: Path) -> None:
    source, cible = tmp_path / "source.db", tmp_path / "cible.db"
    source.write_bytes(b"x" * 5000)
    cible.write_bytes(b"ancienne copie")
    assert _refus(source, cible) == "BASE_ABIMEE"
    assert _refus(tmp_path / "absente.db", cible) == "BASE_INACCESSIBLE"
    assert cible.read_bytes() == b"ancienne copie"
    assert sorted(c.name for c in tmp_path.iterdir()) == ["cible.db", "source.db"]


def test_un_dossier_absent(tmp_path: Path) -> None:
    Base(tmp_path / "sesam.db").fermer()
    assert _refus(tmp_path / "sesam.db", tmp_path / "absent" / "cible.db") == "FICHIER_ABSENT"


def test_la_copie_est_un_seul_fichier(tmp_path: Path) -> None:
    with Base(tmp_path / "sesam.db") as base:
        copier(base.chemin, tmp_path / "cible.db")
        assert [c.name for c in tmp_path.glob("cible*")] == ["cible.db"]
    with Base(tmp_path / "cible.db") as copie:
        assert copie.connexion().execute("SELECT count(*) FROM evenement").fetchone() == (0,)
