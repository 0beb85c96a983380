"""Sector of a professional: at the opposable tariff, or free fees."""

from __future__ import annotations

from .facture import Executant

_HONORAIRES_LIBRES = ("2", "3")  # conventions with a right to overruns


def tarif_opposable(executant: Executant) -> bool:
    """True for sector 1, and for sector 2 under an option that opens the codes of sector 1."""
    return executant.convention not in _HONORAIRES_LIBRES or bool(executant.option_tarifaire)
