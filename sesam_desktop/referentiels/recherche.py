"""Search by words in the index of one version: every word typed must be there, its beginning is enough."""

from __future__ import annotations

import itertools
import re

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


def rangs(base: BaseReferentiels, version: int, requete: str, limite: int) -> list[int]:
    """Row ids of the first `limite` rows of `version` that `requete` finds, in the order they were written."""
    index = nom_index(version)
    lignes = base.lire(
        f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid LIMIT ?",  # noqa: S608 - a number of ours
        (requete, max(limite, 0)),
    )
    return [rang for (rang,) in lignes]
