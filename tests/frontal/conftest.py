"""One demonstration authority for the whole session: RSA keys take a noticeable moment to make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.frontal.serveurs import Frontal

from .emetteur import Emetteur


@pytest.fixture(scope="session")
def emetteur(tmp_path_factory: pytest.TempPathFactory) -> Emetteur:
    return Emetteur(tmp_path_factory.mktemp("autorite"))


@pytest.fixture
def frontal(tmp_path: Path, emetteur: Emetteur, request: pytest.FixtureRequest) -> Iterator[Frontal]:
    """A running frontal; indirect parameter: its scenario."""
    serveur = Frontal(tmp_path / "frontal", scenario=getattr(request, "param", "nominal"), autorite=emetteur.autorite)
    serveur.demarrer()
    yield serveur
    serveur.arreter()
