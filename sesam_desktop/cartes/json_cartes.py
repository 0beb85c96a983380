"""Both cards as the JSON of the command line contract: ISO dates or null, birth dates as written on the card.

What no group describes is in hexadecimal.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from .ps import CartePS
from .vitale import CarteVitale


def vitale_en_dict(carte: CarteVitale) -> dict[str, Any]:
    """`{type, numero_serie, fin_validite, assure, at, beneficiaires, …}`."""
    return _en_json(asdict(carte))


def ps_en_dict(carte: CartePS) -> dict[str, Any]:
    """`{type_carte, identification, civilite, nom, prenom, situations, …}`; `remplace` is what the contract calls the
    number of a stand-in."""
    lue = asdict(carte)
    for situation in lue["situations"]:
        situation["remplace"] = situation.pop("remplacant")
    return _en_json(lue)


def _en_json(valeur: Any) -> Any:
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, bytes):
        return valeur.hex().upper()
    if isinstance(valeur, dict):
        return {cle: _en_json(v) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_en_json(v) for v in valeur]
    return valeur
