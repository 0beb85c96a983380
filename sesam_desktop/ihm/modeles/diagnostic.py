"""Constats of the diagnostic, in the five words of a state, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sesam_desktop.poste.diagnostic import Constat, Delta

_ETATS = {"KO": "bloqué", "WARN": "à corriger", "INFO": "fait"}
_TITRES = {"bloqué": "Bloqué", "à corriger": "À corriger", "fait": "En ordre"}
CORRIGES = "Corrigé depuis l'examen précédent"
VERDICTS = {"OK": "fait", "A_TESTER": "à corriger", "KO": "bloqué"}


class Groupe(NamedTuple):
    """Constats of one level, under one title. `nouveaux`: those that the examination before did not find."""

    titre: str
    etat: str
    constats: tuple[Constat, ...]
    nouveaux: tuple[Constat, ...] = ()


def etat_de(constat: Constat) -> str:
    """State word of a constat."""
    return _ETATS[constat.niveau.value]


def grouper(constats: Iterable[Constat], delta: Delta | None) -> list[Groupe]:
    """By level, the worst first, with what was corrected before what is in order."""
    tous = tuple(constats)
    nouveaux = tuple(delta.nouveaux) if delta is not None else ()
    groupes = [_groupe(etat, [c for c in tous if etat_de(c) == etat], nouveaux) for etat in _TITRES]
    if delta is not None and delta.corriges:
        groupes.insert(2, Groupe(f"{CORRIGES} ({len(delta.corriges)})", "fait", tuple(delta.corriges)))
    return [groupe for groupe in groupes if groupe.constats]


def phrase_delta(delta: Delta) -> str:
    """``2 points corrigés, 1 restant, aucun nouveau.``"""
    return (
        f"Depuis l'examen précédent : {_compter(len(delta.corriges), 'point corrigé', 'points corrigés')}, "
        f"{_compter(len(delta.restants), 'restant', 'restants')}, "
        f"{_compter(len(delta.nouveaux), 'nouveau', 'nouveaux')}."
    )


def _groupe(etat: str, constats: Sequence[Constat], nouveaux: Sequence[Constat]) -> Groupe:
    titre = f"{_TITRES[etat]} ({len(constats)})"
    return Groupe(titre, etat, tuple(constats), tuple(c for c in constats if c in nouveaux))


def _compter(nombre: int, singulier: str, pluriel: str) -> str:
    if not nombre:
        return f"aucun {singulier}"
    return f"{nombre} {pluriel if nombre > 1 else singulier}"
