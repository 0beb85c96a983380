"""Profiles of demonstration with work in them, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sesam_desktop.poste import boucle, demonstration


@pytest.fixture(scope="session")
def modele_signe(modele: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One secured invoice, not in a lot yet."""
    profil = tmp_path_factory.mktemp("signe") / "profil"
    shutil.copytree(modele, profil)
    poste = demonstration.ouvrir(profil)
    boucle.composer(poste, 1)
    poste.fermer()
    return profil


@pytest.fixture(scope="session")
def modele_lot(modele_signe: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its lot is ready to leave."""
    profil = tmp_path_factory.mktemp("lot") / "profil"
    shutil.copytree(modele_signe, profil)
    poste = demonstration.ouvrir(profil)
    poste.lecteurs.ouvrir_session(demonstration.CODE_PORTEUR)
    poste.transmission.preparer()
    poste.fermer()
    return profil
