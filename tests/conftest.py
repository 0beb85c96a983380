"""What every test shares: a fresh profile, no leak of declared secrets, any ERROR in a log fails the test."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from sesam_desktop.noyau import masquage
from tests.outils.courrier import serveur_courrier  # noqa: F401 - one mail server for every folder of tests
from tests.outils.demonstration import modele  # noqa: F401 - one workstation too

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Same examples at each run; `HYPOTHESE=profond make test` searches further, at random.
settings.register_profile("commun", derandomize=True, database=None, deadline=None)
settings.register_profile("profond", max_examples=1500, database=None, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESE", "commun"))
PARTAGE = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(autouse=True)
def rien_de_retenu() -> Iterator[None]:
    """Each test starts and ends with an empty list of declared secrets."""
    masquage.oublier()
    yield
    masquage.oublier()


@pytest.fixture(autouse=True)
def journal_sans_erreur(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logged WARNING or worse from our code, unless it is marked `journal_attendu`."""
    yield
    if request.node.get_closest_marker("journal_attendu"):
        return
    graves = [r for r in caplog.records if r.levelno >= logging.WARNING and r.name.startswith("sesam_desktop")]
    assert not graves, [r.getMessage() for r in graves]


@pytest.fixture
def profil(tmp_path: Path) -> Path:
    """An empty profile folder."""
    dossier = tmp_path / "profil"
    dossier.mkdir()
    return dossier


@pytest.fixture(scope="session")
def donnees_partagees() -> Path:
    """Folder of the real public tables, when this checkout has it beside; the test is skipped otherwise."""
    dossier = PARTAGE / "data"
    if not dossier.is_dir():
        pytest.skip("tables publiques absentes")
    return dossier
