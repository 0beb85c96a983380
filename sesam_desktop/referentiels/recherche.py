"""Search by words in the index of one version: every word typed must be there, its beginning is enough."""

from __future__ import annotations

import itertools
import re

from sesam_desktop.base.recherche import plier

from .base_referentiels import BaseReferentiels, nom_index

MOTS_MAX, LONGUEUR_MAX = 12, 200  # a page pasted by mistake costs no more than a long name


def rangs(base: BaseReferentiels, version: int, mots: str, limite: int) -> list[int]:
    """Row ids of the first `limite` rows that hold every word of `mots`, in the order they were written.

    Accents, case and ligatures are ignored; so is what comes after `MOTS_MAX` different words or `LONGUEUR_MAX`
    characters. No word, or a limit of zero: nothing.
    """
    distincts = dict.fromkeys(re.findall(r"[^\W_]+", plier(mots[:LONGUEUR_MAX])))
    requete = " ".join(f'"{mot}"*' for mot in itertools.islice(distincts, MOTS_MAX))
    if not requete or limite <= 0:
        return []
    index = nom_index(version)
    lignes = base.lire(
        f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid LIMIT ?",  # noqa: S608 - a number of ours
        (requete, limite),
    )
    return [rang for (rang,) in lignes]
