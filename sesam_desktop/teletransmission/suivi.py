"""Events that come in any order: what an invoice has already gone past is not an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sesam_desktop.factures.depot import Factures
from sesam_desktop.noyau.erreurs import ErreurConnue


def ajouter_si_possible(factures: Factures, numero: str, nom: str, donnees: Mapping[str, Any]) -> bool:
    """Append the event, unless the invoice's state no longer allows it: a payment may come before the ARL, and both
    before this workstation knows that the lot had left. False, and nothing changed, in that case."""
    try:
        factures.ajouter_evenement(numero, nom, donnees)
    except ErreurConnue as erreur:
        if erreur.code != "TRANSITION_INTERDITE":
            raise
        return False
    return True
