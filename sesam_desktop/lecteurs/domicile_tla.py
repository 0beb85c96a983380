"""What a terminal in memory checks at the bedside before it has a Vitale sign. PROJECT PROFILE."""

from __future__ import annotations

from datetime import datetime

from sesam_desktop.noyau.dates import jour_de
from sesam_desktop.noyau.erreurs import ErreurConnue

from .lecture import PuceVitale
from .tla.documents import FactureEmportee


def exiger_le_jour(facture: FactureEmportee, maintenant: datetime) -> None:
    """Raises TLA_AVANT_SOINS."""
    if jour_de(maintenant) < facture.date_soins:
        raise ErreurConnue(
            f"La carte Vitale ne signe pas cette facture avant le jour des soins, le {facture.date_soins:%d/%m/%Y}.",
            code="TLA_AVANT_SOINS", action="Faites-la signer ce jour-là.",
        )


def exiger_le_patient(facture: FactureEmportee, puce: PuceVitale) -> None:
    """Raises MAUVAISE_VITALE (as SSV's F023)."""
    if not any(i.naissance[:8] == facture.naissance and i.nir in facture.nirs for i in puce.identites):
        raise ErreurConnue(
            "La carte Vitale insérée n'est pas celle du patient de la facture.", code="MAUVAISE_VITALE",
            action="Insérez la carte de ce patient.",
        )
