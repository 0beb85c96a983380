"""Constats of the diagnostic, in the five words of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .table import Colonne

if TYPE_CHECKING:
    from sesam_desktop.poste.diagnostic import Constat

_ETATS = {"KO": "bloqué", "WARN": "à corriger", "INFO": "fait"}
VERDICTS = {
    "OK": ("fait", "Ce poste peut travailler."),
    "A_TESTER": ("à corriger", "Ce poste peut travailler ; des points sont à corriger."),
    "KO": ("bloqué", "Ce poste ne peut pas travailler : corrigez d'abord les points bloqués."),
}


def etat_de(constat: Constat) -> str:
    """State word of a constat."""
    return _ETATS[constat.niveau.value]


def colonnes_constats() -> list[Colonne]:
    """Of `poste.diagnostic.Constat`."""
    return [
        Colonne("etat", "État", etat_de, "etat", 11),
        Colonne("titre", "Constat", lambda c: c.titre, largeur=46, bulle=lambda c: c.titre),
        Colonne("action", "Que faire", lambda c: c.action, largeur=44, bulle=lambda c: c.action),
        Colonne("code", "Code", lambda c: c.code, "code", 20, visible=False),
        Colonne("reparation", "Commande", lambda c: c.reparation, "code", 40, visible=False),
    ]
