"""Known values of the coded zones of B2 (``resources/flux/listes_b2.csv``, ``codes_b2.csv``): what each code means.

A zone names its list in its layout table (``liste:regime``). A list is closed when its source gives all its values, or
when the project's profile does: another value is then a fault. Elsewhere a value out of the list only deserves a look.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sesam_desktop.noyau.ressources import ressource


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a list. `certitude` as in the layout tables."""

    code: str
    libelle: str
    source: str
    certitude: str


@dataclass(frozen=True, slots=True)
class Liste:
    """One list and its values, in the order of the table."""

    nom: str
    libelle: str
    fermee: bool
    codes: tuple[Code, ...]


@lru_cache(maxsize=1)
def listes() -> dict[str, Liste]:
    """Every list by its name."""
    codes: dict[str, list[Code]] = {}
    for rangee in _rangees("codes_b2.csv"):
        codes.setdefault(rangee.pop("liste"), []).append(Code(**rangee))
    return {
        r["liste"]: Liste(r["liste"], r["libelle"], r["fermee"] == "O", tuple(codes[r["liste"]]))
        for r in _rangees("listes_b2.csv")
    }


def _rangees(table: str) -> Iterator[dict[str, str]]:
    with ressource("flux", table).open(encoding="utf-8", newline="") as fichier:
        yield from csv.DictReader(fichier, delimiter=";")
