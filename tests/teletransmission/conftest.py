"""A workstation's database with its invoices, for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.depot import Factures


@pytest.fixture
def base(profil: Path) -> Iterator[Base]:
    with Base(profil / "sesam.db") as base:
        yield base


@pytest.fixture
def factures(base: Base) -> Factures:
    return Factures(base)
