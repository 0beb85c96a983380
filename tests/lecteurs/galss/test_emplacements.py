"""Where each platform keeps these files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sesam_desktop.lecteurs.galss import emplacements


def test_galss_et_io_comm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYSTEMROOT", "/windows")
    assert emplacements.galss_ini("win32") == Path("/windows/galss.ini")
    assert emplacements.galss_ini("darwin") == Path("/Library/Preferences/galss.ini")
    assert emplacements.galss_ini("linux") == Path("/usr/local/galss/galss.ini")
    assert emplacements.io_comm_ini("win32") is None
    assert emplacements.io_comm_ini("linux") == Path("/usr/local/galss/io_comm.ini")


def deposer(chemin: Path) -> Path:
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_bytes(b"")
    return chemin


def test_sesam_la_version_la_plus_recente_d_abord(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """1.40.14 is newer than 1.40.9, which text would put last."""
    monkeypatch.setenv("PROGRAMDATA", str(tmp_path / "donnees"))
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path / "windows"))
    assert emplacements.sesam_ini("win32") == []
    fsv = tmp_path / "donnees" / "santesocial" / "fsv"
    attendus = [deposer(fsv / v / "conf" / "sesam.ini") for v in ("1.40.14", "1.40.9")]
    (fsv / "1.40.15").mkdir()
    (fsv / "temporaire").mkdir()
    attendus.append(deposer(tmp_path / "windows" / "sesam.ini"))
    assert emplacements.sesam_ini("win32") == attendus


@pytest.mark.parametrize(("plateforme", "chemins"), [
    ("darwin", ["Library/Application Support/santesocial/fsv/1.40.14/conf/sesam.ini", "Library/Preferences/sesam.ini"]),
    ("linux", ["usr/local/sesam/sesam.ini"]),
])
def test_sesam_ailleurs(plateforme: str, chemins: list[str], tmp_path: Path) -> None:
    attendus = [deposer(tmp_path / chemin) for chemin in chemins]
    assert emplacements.sesam_ini(plateforme, tmp_path) == attendus


def test_dossier_illisible(tmp_path: Path) -> None:
    assert emplacements.versions(tmp_path / "absent") == []
    assert emplacements.versions(Path(os.devnull)) == []
