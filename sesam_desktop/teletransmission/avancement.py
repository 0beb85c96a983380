"""How a long run tells where it is, and is told to stop."""

from __future__ import annotations

from collections.abc import Callable

Progression = Callable[[int, int], None]
Annule = Callable[[], bool]


def jamais() -> bool:
    """The default cancel callback."""
    return False


def sans_suite(_fait: int, _total: int) -> None:
    """The default progress callback."""
