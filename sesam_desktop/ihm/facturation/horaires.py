"""The supplement that the hour of care calls for: night, Sunday or holiday. Proposed, never imposed."""

from __future__ import annotations

from datetime import datetime

from sesam_desktop.noyau.dates import est_dimanche_ou_ferie
from sesam_desktop.referentiels import tables

TABLE = "plages_horaires"
DIMANCHE = "F"
MOTS = {"": "aucune majoration d'horaire", "N": "majoration de nuit", "S": "majoration de milieu de nuit",
        "F": "majoration de dimanche ou jour férié"}
_ALSACE_MOSELLE = ("57", "67", "68")


def complement(profession: str, instant: datetime, departement: str = "") -> str:
    """Letter of the complement at `instant`: the night before the Sunday, empty in plain day."""
    for ligne in tables.charger(TABLE).lignes(instant.date()):
        if ligne["profession"] == profession and any(d <= instant.hour < f for d, f in ligne["heures"]):
            return ligne["complement"]
    return DIMANCHE if est_dimanche_ou_ferie(instant.date(), departement in _ALSACE_MOSELLE) else ""
