"""Generic and hybrid groups seen from a box: what could be dispensed instead of it, and at what price.

Only boxes of the same contents compare: a group mixes every pack. The contents are read in the words of the public
table (« 28 plaquettes de 1 comprimé » is « plaquette de 28 comprimés »).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from sesam_desktop.noyau.montants import Centimes
from sesam_desktop.referentiels.tables import Ligne, SourceTables

from .facture import Prescription

_CONTENANCE = re.compile(r"\s*(\d+)?\s*(sachet)?.*?(?:\bde\s*(\d+(?:[.,]\d+)?)|$)", re.ASCII)
_REFERENCES = ("0", "R")


class Membre(Protocol):
    """One box of a group. `type` 0 or R: the reference (brand)."""

    @property
    def cip13(self) -> str: ...
    @property
    def presentation(self) -> str: ...
    @property
    def prix_centimes(self) -> int | None: ...
    @property
    def type(self) -> str: ...
    @property
    def commercialise(self) -> bool: ...


class Groupe(Protocol):
    @property
    def libelle(self) -> str: ...
    @property
    def membres(self) -> Sequence[Membre]: ...


@lru_cache(maxsize=4096)
def contenance(presentation: str) -> Decimal:
    """Number of units (or volume) of a box: the leading count times the first « de N ».

    A sachet is one dose whatever it weighs: flavours change its weight.
    """
    lu = _CONTENANCE.match(presentation)
    nombre, sachet, chacun = lu.groups() if lu else (None, None, None)
    if sachet and nombre:
        return Decimal(nombre)
    return Decimal(nombre or 1) * Decimal((chacun or "1").replace(",", "."))


def generiques(groupes: Iterable[Groupe]) -> list[Membre]:
    """The generics on sale at a public price."""
    return [
        m for groupe in groupes for m in groupe.membres
        if m.type not in _REFERENCES and m.commercialise and m.prix_centimes is not None
    ]


def equivalents(groupes: Sequence[Groupe], cip13: str) -> list[Membre]:
    """The generics on sale of the same contents as this box."""
    boite = _membre(groupes, cip13)
    if boite is None:
        return []
    voulue = contenance(boite.presentation)
    return [m for m in generiques(groupes) if contenance(m.presentation) == voulue]


def plus_cher(groupes: Sequence[Groupe], cip13: str) -> Centimes | None:
    """Price of the dearest equivalent generic, None when there is none."""
    return max((m.prix_centimes for m in equivalents(groupes, cip13) if m.prix_centimes is not None), default=None)


def est_reference(groupes: Sequence[Groupe], cip13: str) -> bool:
    """True for the brand of a group."""
    boite = _membre(groupes, cip13)
    return boite is not None and boite.type in _REFERENCES


def regle_de_substitution(
    tables: SourceTables, code: str | None, jour: date, prescription: Prescription | None
) -> Ligne | None:
    """Row of ``substitutions`` for this code: the rule of the day the prescription was written, when it had one."""
    if not code:
        return None
    table = tables.charger("substitutions")
    ligne = table.trouver(jour, code=code)
    if ligne is None or prescription is None or prescription.date >= ligne.debut:
        return ligne
    return table.trouver(prescription.date, code=code) or ligne


def _membre(groupes: Sequence[Groupe], cip13: str) -> Membre | None:
    return next((m for groupe in groupes for m in groupe.membres if m.cip13 == cip13), None)
