"""Why something was refused, in French, and what to do. Project tables: no official table of these codes is public.

A rejection is recognised by the words of its label, never by its code: funds number the same reason differently, and
the numbering of 2024 (``NNNN-NNN``) replaced the four characters of before.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache

from sesam_desktop.noyau.ressources import ressource

from .caracteres import sans_accent

_NOUVEAU = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{3}(?![0-9])")
_SIGLE = 3
_SEPARATEURS = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Cause:
    """`famille`, stable, groups reasons and `titre` names it in French; `phrase` says what happened, `a_faire` what to
    do. The family of a refused lot is the code of its ARL."""

    famille: str
    titre: str
    phrase: str
    a_faire: str


AUTRE = Cause(
    "autre",
    "Autre",
    "Le motif n'est pas de ceux que ce programme reconnaît.",
    "Lisez les mots de la caisse ; interrogez-la si besoin, en donnant le code et le numéro de facture.",
)


def explication(code: str, libelle: str) -> Cause:
    """Cause of a code of ARL, or of a rejection from the words of its label; `AUTRE` when none is known."""
    if code in _codes_arl():
        return _codes_arl()[code]
    texte = _plier(libelle)
    return next((cause for cause, motif in _causes() if motif.search(texte)), AUTRE)


def numero_complet(code: str, libelle: str = "", information: str = "") -> str:
    """The number of the reason as people write it: ``NNNN-NNN`` when given anywhere, else the code as it stands."""
    for texte in (code, libelle, information):
        if trouve := _NOUVEAU.search(texte):
            return trouve.group()
    return code


def _plier(texte: str) -> str:
    return f" {_SEPARATEURS.sub(' ', sans_accent(texte)).strip()} "


@lru_cache(maxsize=1)
def _causes() -> tuple[tuple[Cause, re.Pattern[str]], ...]:
    """In the order of the table: the first that has its words is the one."""
    return tuple(
        (_cause(r), re.compile("|".join(map(_motif, r["mots"].split("|")))))
        for r in _rangees("causes_rejets.csv")
    )


def _motif(mots: str) -> str:
    """Words in a row, the last one maybe only begun, unless it is so short that it is an acronym."""
    return f" {mots}" + (" " if len(mots.rsplit(" ", maxsplit=1)[-1]) <= _SIGLE else "")


@lru_cache(maxsize=1)
def _codes_arl() -> dict[str, Cause]:
    return {r["famille"]: _cause(r) for r in _rangees("codes_arl.csv")}


def _cause(rangee: dict[str, str]) -> Cause:
    return Cause(rangee["famille"], rangee["titre"], rangee["phrase"], rangee["a_faire"])


def _rangees(nom: str) -> list[dict[str, str]]:
    with ressource("flux", nom).open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))
