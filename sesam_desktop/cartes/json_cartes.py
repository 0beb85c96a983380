"""Both cards as the JSON of the command line contract: ISO dates or null, birth dates as written on the card."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from .ps import CartePS
from .vitale import CarteVitale


def vitale_en_dict(carte: CarteVitale) -> dict[str, Any]:
    """`{type, numero_serie, fin_validite, assure, at, beneficiaires, …}`."""
    return _sans_dates(asdict(carte))


def ps_en_dict(carte: CartePS) -> dict[str, Any]:
    """`{type_carte, identification, civilite, nom, prenom, situations, …}`."""
    return _sans_dates(asdict(carte))


def _sans_dates(valeur: Any) -> Any:
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, dict):
        return {cle: _sans_dates(v) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_sans_dates(v) for v in valeur]
    return valeur
