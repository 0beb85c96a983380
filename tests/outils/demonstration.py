"""A demonstration workstation, provisioned once and copied for each test: making the keys takes a second."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A provisioned profile, with the keys of every card."""
    from sesam_desktop.poste import demonstration

    profil = tmp_path_factory.mktemp("modele") / "profil"
    poste = demonstration.ouvrir(profil)
    for nom in poste.environnement.cartes_ps():
        poste.environnement.inserer_ps(nom)
    for nom in poste.environnement.cartes_vitale():
        poste.environnement.inserer_vitale(nom)
    poste.fermer()
    return profil
