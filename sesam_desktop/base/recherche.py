"""Text as it is searched: without accents, in capitals, one space between words."""

from __future__ import annotations

import unicodedata
from typing import Any


def plier(texte: str) -> str:
    """``Élodie  Lœuil`` → ``ELODIE LOEUIL``: what is stored and what is typed meet in this form."""
    large = texte.upper().replace("Œ", "OE").replace("Æ", "AE")
    decompose = unicodedata.normalize("NFD", large)
    return " ".join("".join(c for c in decompose if not unicodedata.combining(c)).split())


def contenant(colonne: Any, texte: str) -> list[Any]:
    """Conditions on a folded `colonne`: it holds every word of `texte`. Empty for an empty text."""
    from peewee import SQL

    return [SQL(f"{colonne.column_name} LIKE ? ESCAPE '!'", [f"%{_proteger(mot)}%"]) for mot in plier(texte).split()]


def _proteger(mot: str) -> str:
    return mot.replace("!", "!!").replace("%", "!%").replace("_", "!_")
