"""How hard the fault tests strike: a fifth of their counts by default, all of them with ``SESAM_PANNES=complet``."""

from __future__ import annotations

import os

COMPLET = os.environ.get("SESAM_PANNES") == "complet"


def compte(complet: int) -> int:
    """The count of a full run, or a fifth of it."""
    return complet if COMPLET else complet // 5
