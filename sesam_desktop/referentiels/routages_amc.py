"""Where the DRE of each insurer goes: a dated table, shipped for the demonstration, imported for real use.

The types of organism (OC, CS, OT) are published; the layout of this table is the project's.
"""

from __future__ import annotations

import re

from sesam_desktop.noyau.erreurs import FormatInvalide

from . import tables
from .table import Ligne, Table

ROUTAGE = "routage_amc"
TYPES = ("OC", "CS", "OT")
BOITES = ("RSV", "OCT")
_FORMES = {
    "numero": (re.compile(r"[0-9]{1,9}\*|[0-9A-Z]{8,10}"), "8 caractères, ou un début suivi d'une étoile"),
    "type": (re.compile("|".join(TYPES)), "OC, CS ou OT"),
    "destinataire": (re.compile(r"0000[0-9]{10}"), "14 chiffres, les 4 premiers à zéro"),
    "adresse": (re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\.[A-Za-z]+"), "une adresse de courriel"),
    "boite": (re.compile("|".join(BOITES)), "RSV ou OCT"),
}


def est_routage(texte: str) -> bool:
    """Told by its only key."""
    return re.search(r"^# cles: *numero *$", texte, re.MULTILINE) is not None


def lire(texte: str, fichier: str) -> Table:
    """One such table, each row checked. Raises FormatInvalide with its line."""
    table, modele = tables.lire(ROUTAGE, texte, fichier), tables.charger(ROUTAGE)
    if (table.cles, table.colonnes(), table.types) != (modele.cles, modele.colonnes(), modele.types):
        raise FormatInvalide(
            "Ce n'est pas une table de routage des complémentaires : les colonnes diffèrent.", fichier=fichier,
            action="Reprenez les colonnes décrites dans docs/tarification/complementaire.md.",
        )
    for ligne in table.toutes():
        if defaut := _defaut(ligne):
            raise FormatInvalide(defaut, fichier=fichier, ligne=ligne.numero)
    return table


def _defaut(ligne: Ligne) -> str:
    for colonne, (forme, attendu) in _FORMES.items():
        if not forme.fullmatch(ligne[colonne]):
            return f"« {ligne[colonne]} » : {attendu} est attendu (colonne {colonne})."
    return ""
