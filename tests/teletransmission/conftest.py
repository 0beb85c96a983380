"""A workstation's database with its invoices, for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.depot import Factures

from .atelier import Atelier
from .fabrique import courrier


@pytest.fixture
def base(profil: Path) -> Iterator[Base]:
    with Base(profil / "sesam.db") as base:
        yield base


@pytest.fixture
def factures(base: Base) -> Factures:
    return Factures(base)


@pytest.fixture(scope="session")
def autorite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the demonstration authority: making keys takes a moment, once is enough."""
    return tmp_path_factory.mktemp("autorite")


@pytest.fixture
def atelier(profil: Path, autorite: Path) -> Iterator[Atelier]:
    """A workstation whose mail account leads nowhere."""
    atelier = Atelier(profil, autorite, courrier())
    yield atelier
    atelier.fermer()
