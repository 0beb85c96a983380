"""Rows of the ANSM's register of hybrid groups (`fic02grp.txt`, `fic03spe.txt`). Pure: columns in, rows out.

Tab separated, no header, cp1252, CRLF. A group has a number of its own, not that of a generic group; a speciality is
its reference (R) or a hybrid (H). A label may hold a tab.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sesam_desktop.noyau.erreurs import EntreeInvalide

GROUPES, SPECIALITES = "fic02grp.txt", "fic03spe.txt"


class GroupeHybride(NamedTuple):
    groupe: str
    voie: str
    libelle: str


class SpecialiteHybride(NamedTuple):
    groupe: str
    cis: str
    type: str


def groupe(colonnes: list[str]) -> GroupeHybride:
    """A line of fic02grp. Raises EntreeInvalide with the reason."""
    _exiger_colonnes(colonnes)
    return GroupeHybride(_numero(colonnes[1]), colonnes[2], " ".join(c for c in colonnes[3:] if c))


def specialite(colonnes: list[str]) -> SpecialiteHybride:
    """A line of fic03spe. Raises EntreeInvalide with the reason."""
    _exiger_colonnes(colonnes)
    if not re.fullmatch(r"[0-9]{8}", colonnes[1]):
        raise EntreeInvalide(f"code CIS « {colonnes[1][:20]} » invalide")
    if colonnes[2] not in ("R", "H"):
        raise EntreeInvalide(f"type « {colonnes[2][:20]} » autre que R ou H")
    return SpecialiteHybride(_numero(colonnes[0]), colonnes[1], colonnes[2])


def _exiger_colonnes(colonnes: list[str]) -> None:
    if len(colonnes) < 4:
        raise EntreeInvalide(f"nombre de colonnes : {len(colonnes)} au lieu de 4 au moins")


def _numero(texte: str) -> str:
    if not re.fullmatch(r"[0-9]{1,6}", texte):
        raise EntreeInvalide(f"numéro de groupe « {texte[:20]} » invalide")
    return texte
