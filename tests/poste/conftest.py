"""A demonstration workstation, provisioned once and copied for each test: making the keys takes a second."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.poste import demonstration
from sesam_desktop.poste.poste import Poste


@pytest.fixture(scope="session")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A provisioned profile, with the keys of every card."""
    profil = tmp_path_factory.mktemp("modele") / "profil"
    poste = demonstration.ouvrir(profil)
    for nom in poste.environnement.cartes_ps():
        poste.environnement.inserer_ps(nom)
    for nom in poste.environnement.cartes_vitale():
        poste.environnement.inserer_vitale(nom)
    poste.fermer()
    return profil


@pytest.fixture
def poste(modele: Path, tmp_path: Path) -> Iterator[Poste]:
    """An open demonstration workstation: the pharmacist's card is in, no session, no Vitale."""
    shutil.copytree(modele, tmp_path / "poste")
    poste = demonstration.ouvrir(tmp_path / "poste")
    yield poste
    poste.fermer()
