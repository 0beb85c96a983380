"""Search by words in the index of one version: every word typed must be there, its beginning is enough."""

from __future__ import annotations

import re

from sesam_desktop.base.recherche import plier

from .base_referentiels import BaseReferentiels, nom_index


def rangs(base: BaseReferentiels, version: int, mots: str, limite: int) -> list[int]:
    """Row ids of the first `limite` rows that hold every word of `mots`, in the order they were written.

    Accents, case and ligatures are ignored. No word, or a limit of zero: nothing.
    """
    requete = " ".join(f'"{mot}"*' for mot in re.findall(r"[^\W_]+", plier(mots)))
    if not requete or limite <= 0:
        return []
    index = nom_index(version)
    lignes = base.lire(
        f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid LIMIT ?",  # noqa: S608 - a number of ours
        (requete, limite),
    )
    return [rang for (rang,) in lignes]
