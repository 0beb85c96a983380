"""Shipped files are found beside the sources, in a wheel and in a frozen build."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.noyau import ressources


@pytest.fixture(autouse=True)
def memoire_vide() -> Iterator[None]:
    ressources.racine.cache_clear()
    yield
    ressources.racine.cache_clear()


def test_a_cote_des_sources() -> None:
    assert ressources.ressource("tarifs", "taux.csv").is_file()


def test_dans_un_programme_gele(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert ressources.racine() == tmp_path / "resources"


def test_dans_une_roue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sesam_desktop" / "_ressources").mkdir(parents=True)
    monkeypatch.setattr(ressources, "__file__", str(tmp_path / "sesam_desktop" / "noyau" / "ressources.py"))
    assert ressources.racine() == tmp_path / "sesam_desktop" / "_ressources"


def test_une_installation_abimee(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ressources, "__file__", str(tmp_path / "sesam_desktop" / "noyau" / "ressources.py"))
    with pytest.raises(FileNotFoundError):
        ressources.racine()
