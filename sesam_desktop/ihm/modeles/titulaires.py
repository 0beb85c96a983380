"""Whose card it is, in the words shown everywhere; empty without a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.cartes.duo import CarteDuo
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale


def nom_ps(carte: CartePS | None) -> str:
    """``MARTIN Claire``."""
    return f"{carte.nom} {carte.prenom.title()}".strip() if carte is not None else ""


def nom_vitale(carte: CarteVitale | None) -> str:
    """``DURAND Paul``: the first person of the card."""
    if carte is None:
        return ""
    premier = carte.beneficiaires[0] if carte.beneficiaires else None
    return f"{premier.nom_usuel} {premier.prenom.title()}".strip() if premier else "Carte sans bénéficiaire"


def nom_duo(carte: CarteDuo | None) -> str:
    """``12345678 DURAND Paul``: the insurer, and who is covered first."""
    return f"{carte.amc.numero_b2} {carte.adherent.nom} {carte.adherent.prenom.title()}" if carte is not None else ""
