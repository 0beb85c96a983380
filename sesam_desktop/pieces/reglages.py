"""Thresholds of a scanned piece, read from `resources/pieces/qualite.toml` (a profile of the project, not a norm)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from sesam_desktop.noyau.ressources import ressource


@dataclass(frozen=True, slots=True)
class Resolution:
    minimale_dpi: int
    tolerance_dpi: int
    cote_maximal_mm: int
    hauteur_supposee_mm: int


@dataclass(frozen=True, slots=True)
class Format:
    largeur_minimale_mm: int
    hauteur_minimale_mm: int
    tolerance_mm: int


@dataclass(frozen=True, slots=True)
class Nettete:
    minimale: int
    ecart_encre: int
    encre_minimale: float


@dataclass(frozen=True, slots=True)
class Limites:
    taille_maximale_octets: int
    pages_maximum: int
    points_maximum: int
    qualites_jpeg: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reglages:
    resolution: Resolution
    format: Format
    nettete: Nettete
    piece: Limites


@cache
def reglages() -> Reglages:
    """The shipped thresholds."""
    donnees = tomllib.loads(ressource("pieces", "qualite.toml").read_text(encoding="utf-8"))
    piece = donnees["piece"] | {"qualites_jpeg": tuple(donnees["piece"]["qualites_jpeg"])}
    return Reglages(
        Resolution(**donnees["resolution"]),
        Format(**donnees["format"]),
        Nettete(**donnees["nettete"]),
        Limites(**piece),
    )
