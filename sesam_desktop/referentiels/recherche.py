"""Search by words in the index of one version: every word typed must be there, its beginning is enough."""

from __future__ import annotations

import itertools
import re
from typing import Any

from sesam_desktop.base.recherche import plier

from .base_referentiels import BaseReferentiels, nom_index

MOTS_MAX, LONGUEUR_MAX = 12, 200  # a page pasted by mistake costs no more than a long name


def requete(mots: str) -> str:
    """What is asked to the index for the words typed, "" when there is none.

    Accents, case and ligatures are ignored; so is what comes after `MOTS_MAX` different words or `LONGUEUR_MAX`
    characters.
    """
    distincts = dict.fromkeys(re.findall(r"[^\W_]+", plier(mots[:LONGUEUR_MAX])))
    return " ".join(f'"{mot}"*' for mot in itertools.islice(distincts, MOTS_MAX))


def rangees(
    base: BaseReferentiels, version: int, requete: str, limite: int, colonnes: str, rang: str
) -> list[tuple[Any, ...]]:
    """The first `limite` rows of `version` that `requete` finds, in the order they were written.

    colonnes  the SELECT of the rows; rang: its column that the index of words knows. One statement: an import that
              ends meanwhile is seen whole or not at all
    """
    index = nom_index(version)
    trouves = f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid LIMIT ?"  # noqa: S608 - a number of ours
    return base.lire(f"{colonnes} WHERE {rang} IN ({trouves}) ORDER BY {rang}", (requete, max(limite, 0)))
