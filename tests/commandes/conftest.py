from __future__ import annotations

from pathlib import Path

import pytest

from .ligne import Ligne


@pytest.fixture
def ligne(profil: Path, capsys: pytest.CaptureFixture[str]) -> Ligne:
    """The command line on an empty profile."""
    return Ligne(profil, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type]
