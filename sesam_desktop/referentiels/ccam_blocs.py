"""Rows of the CCAM put together: a chapter, an act or a modifier, and the rows under it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sesam_desktop.noyau.erreurs import EntreeInvalide

from . import ccam_lignes
from .articles import Lecture
from .ccam_lignes import LigneCcam
from .ccam_notes import CODE

_CHAPITRE = re.compile(r"[0-9]{1,2}(?:\.[0-9]{2})*")
_DES_MODIFICATEURS = "19.03"


class Bloc(NamedTuple):
    """`genre`: ``chapitre``, ``acte``, ``modificateur``, or ``perdu`` when its first row was rejected.

    chapitre  number of the chapter it is, or is in
    """

    genre: str
    chapitre: str
    lignes: list[LigneCcam]

    @property
    def code(self) -> str:
        """Code of the act, letter of the modifier, number of the chapter."""
        return self.lignes[0].code


def blocs(rangees: Iterable[tuple[int, list[str]]], fichier: str, lecture: Lecture) -> Iterator[Bloc]:
    """Each row is counted in `lecture`; those that begin nothing known are rejected there."""
    bloc: Bloc | None = None
    for numero, cellules in rangees:
        lecture.lire(fichier)
        lue = ccam_lignes.ligne(numero, cellules)
        try:
            ccam_lignes.exiger_colonnes(cellules)
            genre = _genre(lue, bloc)
        except EntreeInvalide as erreur:
            lecture.rejeter(fichier, numero, erreur.message)
            # What follows the row of a code belongs to that code, never to the act before it.
            genre = "perdu" if bloc and _nomme(lue) else "vide"
        if bloc and genre == "suite":
            bloc.lignes.append(lue)
        elif genre != "vide":
            if bloc:
                yield bloc
            bloc = Bloc(genre, bloc.chapitre if bloc and genre != "chapitre" else lue.code, [lue])
    if bloc:
        yield bloc


def _nomme(lue: LigneCcam) -> bool:
    return bool(lue.code) and not lue.code.startswith("[")


def _genre(lue: LigneCcam, bloc: Bloc | None) -> str:
    """What a row begins: ``acte``, ``chapitre``, ``modificateur``; else ``suite`` or ``vide``."""
    if not any(lue[1:]):
        return "vide"
    if bloc and CODE.fullmatch(lue.code):
        return "acte"
    if bloc and bloc.chapitre.startswith(_DES_MODIFICATEURS) and re.fullmatch(r"[A-Z0-9]", lue.code):
        return "modificateur"
    if _CHAPITRE.fullmatch(lue.code):
        return "chapitre"
    if bloc is None:
        raise EntreeInvalide("ligne placée avant le premier chapitre")
    if _nomme(lue):
        raise EntreeInvalide(f"code « {lue.code[:20]} » inconnu")
    return "suite"
