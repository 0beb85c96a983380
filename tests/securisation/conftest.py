from __future__ import annotations

from pathlib import Path

import pytest

from sesam_desktop.securisation import autorite
from sesam_desktop.securisation.autorite import Identite


@pytest.fixture(scope="session")
def cles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the demonstration authority, made once for all the tests."""
    return tmp_path_factory.mktemp("cles")


@pytest.fixture(scope="session")
def cps(cles: Path) -> Identite:
    return autorite.creer_certificat(cles, "cps", "CPS DE TEST DOCTEUR MARTIN")


@pytest.fixture(scope="session")
def vitale(cles: Path) -> Identite:
    return autorite.creer_certificat(cles, "vitale", "VITALE DE TEST DURAND")


@pytest.fixture(scope="session")
def organisme(cles: Path) -> Identite:
    return autorite.creer_certificat(cles, "organisme", "01721@721.01.rss.fr")
