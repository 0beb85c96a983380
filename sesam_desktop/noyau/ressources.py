"""Where the files shipped with the program are: beside the sources, in a wheel, or in a frozen build."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def racine() -> Path:
    """The folder that holds `flux/`, `tarifs/`, `icones/`… Raises FileNotFoundError on a broken installation."""
    paquet = Path(__file__).resolve().parent.parent
    gelee = Path(getattr(sys, "_MEIPASS", paquet)) / "resources"
    for candidat in (gelee, paquet / "_ressources", paquet.parent / "resources"):
        if candidat.is_dir():
            return candidat
    raise FileNotFoundError("resources")


def ressource(*morceaux: str) -> Path:
    """Path of one shipped file or folder."""
    return racine().joinpath(*morceaux)
