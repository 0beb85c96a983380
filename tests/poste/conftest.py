"""A demonstration workstation for each test, copied from one provisioned once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.poste import demonstration
from sesam_desktop.poste.poste import Poste


@pytest.fixture
def poste(modele: Path, tmp_path: Path) -> Iterator[Poste]:
    """An open demonstration workstation: the pharmacist's card is in, no session, no Vitale."""
    shutil.copytree(modele, tmp_path / "poste")
    poste = demonstration.ouvrir(tmp_path / "poste")
    yield poste
    poste.fermer()
