"""The supplement that the hour of care calls for: night, Sunday or holiday. Proposed, never imposed."""

from __future__ import annotations

from datetime import date, datetime, time

from sesam_desktop.noyau.dates import est_dimanche_ou_ferie
from sesam_desktop.referentiels import tables

TABLE = "plages_horaires"
DIMANCHE = "F"
MOTS = {"": "aucune majoration d'horaire", "N": "majoration de nuit", "S": "majoration de milieu de nuit",
        "F": "majoration de dimanche ou férié"}
_OUVERTURE = 8
_ALSACE_MOSELLE = ("57", "67", "68")


def complement(profession: str, instant: datetime, departement: str = "") -> str:
    """Letter of the complement at `instant`: the night before the Sunday, empty in plain day."""
    for ligne in tables.charger(TABLE).lignes(instant.date()):
        if ligne["profession"] == profession and any(d <= instant.hour < f for d, f in ligne["heures"]):
            return ligne["complement"]
    return DIMANCHE if est_dimanche_ou_ferie(instant.date(), departement in _ALSACE_MOSELLE) else ""


def heure(profession: str, jour: date, lettre: str, departement: str = "") -> int:
    """An hour of `jour` that calls for this complement: an invoice keeps its date and complement, not its hour."""
    heures = (h % 24 for h in range(_OUVERTURE, _OUVERTURE + 24))
    convient = (h for h in heures if complement(profession, datetime.combine(jour, time(h)), departement) == lettre)
    return next(convient, _OUVERTURE)
