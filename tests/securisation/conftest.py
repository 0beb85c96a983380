from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.cartes import ps_zones, vitale_zones
from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.securisation import autorite
from sesam_desktop.securisation.autorite import Identite
from sesam_desktop.securisation.ssv import PontSsv

from .banc_ssv import CONFIG, EN_TETE, LECTEUR, PS, VITALE, Banc, compiler


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


@pytest.fixture(scope="session")
def compilees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The builds of the SSV stand-in, made once."""
    if shutil.which("gcc") is None or sys.platform != "linux":
        pytest.skip("pas de compilateur gcc pour Linux sur cette machine")
    dossier = tmp_path_factory.mktemp("ssv")
    compiler(dossier)
    return dossier


@pytest.fixture
def banc(tmp_path: Path, compilees: Path, monkeypatch: pytest.MonkeyPatch) -> Banc:
    monkeypatch.setenv("SSV_FACTICE", str(tmp_path))
    banc = Banc(tmp_path, compilees)
    banc.donner(PS, ps_zones.groupes_de(cartes_ps_de_demonstration()[0][1]))
    banc.donner(VITALE, vitale_zones.groupes_de(cartes_de_demonstration()[0][1]))
    banc.donner(CONFIG, [EN_TETE, LECTEUR])
    return banc


@pytest.fixture
def pont(banc: Banc) -> Iterator[PontSsv]:
    pont = banc.ouvrir()
    yield pont
    pont.fermer()
    assert banc.sessions_ouvertes() == 0
