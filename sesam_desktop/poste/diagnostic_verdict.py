"""One verdict over all the constats: the first row of `resources/diagnostic/verdicts.csv` that applies.

OK is never given by default: it needs the constat that both cards were read lately.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .diagnostic_constats import Constat, Niveau, catalogue
from .diagnostic_tables import lire_table

PREUVE = "LECTURES_PROUVEES"
_TOUTES = "*"
_GRAVITE = {Niveau.KO: 2, Niveau.WARN: 1, Niveau.INFO: 0}


class Verdict(StrEnum):
    """KO: something prevents work. A_TESTER: nothing does, but nothing proves that work is possible either."""

    OK = "OK"
    A_TESTER = "A_TESTER"
    KO = "KO"


@dataclass(frozen=True, slots=True)
class Jugement:
    """`motif` names the family of the cause, `phrase` says it; `secondaires`: the other causes, one each."""

    verdict: Verdict
    motif: str
    phrase: str
    secondaires: tuple[str, ...] = ()


def juger(constats: Sequence[Constat]) -> Jugement:
    """The first row that applies decides; the later ones of other families are added as secondary causes."""
    causes: list[tuple[dict[str, str], Constat]] = []
    vues: set[str] = set()  # a family is told once, by its worst row
    for ligne in lire_table("verdicts.csv"):
        trouve = _premier(constats, ligne["famille"], Niveau(ligne["niveau"]), vues)
        if trouve is not None:
            vues.add(famille(trouve))
            causes.append((ligne, trouve))
    if causes:
        (ligne, premier), *autres = causes
        phrase = ligne["phrase"].format(titre=premier.titre)
        return Jugement(Verdict(ligne["verdict"]), ligne["motif"], phrase, tuple(autre.titre for _, autre in autres))
    if any(constat.code == PREUVE for constat in constats):
        return Jugement(Verdict.OK, "OK", "Ce poste peut travailler : les deux cartes ont été lues récemment.")
    return Jugement(Verdict.A_TESTER, "LECTURE", "Rien ne bloque, mais aucune lecture récente ne le prouve.")


def famille(constat: Constat) -> str:
    """Family of its code, "" for a sentence of an ErreurConnue that the catalogue does not hold."""
    modele = catalogue().get(constat.code)
    return modele.famille if modele else ""


def _premier(constats: Sequence[Constat], voulue: str, niveau: Niveau, vues: set[str]) -> Constat | None:
    for constat in constats:
        sienne = famille(constat)
        if voulue in (sienne, _TOUTES) and sienne not in vues and _GRAVITE[constat.niveau] >= _GRAVITE[niveau]:
            return constat
    return None
