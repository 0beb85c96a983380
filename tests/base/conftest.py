from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Base]:
    """A new database; a transaction left open fails the test."""
    ouverte = Base(tmp_path / "sesam.db", delai=0.2)
    yield ouverte
    assert not ouverte.connexion().in_transaction
    ouverte.fermer()
