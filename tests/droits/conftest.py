from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.droits.depot import BaseDroits


@pytest.fixture
def base(tmp_path: Path) -> Iterator[BaseDroits]:
    base = BaseDroits(tmp_path / "droits.db")
    yield base
    base.fermer()
