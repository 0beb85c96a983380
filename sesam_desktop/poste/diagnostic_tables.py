"""The small tables of the diagnostic (`resources/diagnostic/*.csv`): `;` between cells, comments first."""

from __future__ import annotations

import csv
from functools import cache

from sesam_desktop.noyau.ressources import ressource


@cache
def lire_table(nom: str) -> tuple[dict[str, str], ...]:
    """Rows of one file, by column."""
    with ressource("diagnostic", nom).open(encoding="utf-8", newline="") as fichier:
        lignes = (ligne for ligne in fichier if not ligne.startswith("#"))
        return tuple(csv.DictReader(lignes, delimiter=";", strict=True))
