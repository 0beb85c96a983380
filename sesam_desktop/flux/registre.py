"""The layouts this program knows, by variant and version (``resources/flux/registre.csv``), and which a file follows.

A B2 file says its norm in record 000 and its version in record 1. A version that the register does not list is read
with the first variant of its norm: the checker tells it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sesam_desktop.noyau.erreurs import FormatInvalide
from sesam_desktop.noyau.ressources import ressource

from . import caracteres

_JEUX = {"B2": caracteres.B2, "NOEMIE": caracteres.NOEMIE}


@dataclass(frozen=True, slots=True)
class Variante:
    """One family of layouts. `code` is the folder of its tables, completed by those of its `socle` when it has one;
    `normes` and `versions` are what headers announce.
    """

    code: str
    nom: str
    normes: tuple[str, ...]
    versions: tuple[str, ...]
    socle: str
    jeu: caracteres.Jeu
    certitude: str
    titre: str
    avertissement: str


class Registre:
    """Variants in the order of the table."""

    def __init__(self, variantes: Iterable[Variante]) -> None:
        self.par_code = {variante.code: variante for variante in variantes}

    def exiger(self, code: str) -> Variante:
        """The variant of this code. Raises FormatInvalide when there is none."""
        if code not in self.par_code:
            raise FormatInvalide(f"La variante de norme « {code} » est inconnue.", code="VARIANTE_INCONNUE")
        return self.par_code[code]

    def de_norme(self, norme: str, ligne: int = 0) -> Variante:
        """The first variant of the norm that the file header on line `ligne` announces. Raises FormatInvalide."""
        for variante in self.par_code.values():
            if norme in variante.normes:
                return variante
        raise FormatInvalide(
            "La norme annoncée par l'en-tête n'est pas une norme B2 connue de ce programme.",
            code="NORME_INCONNUE",
            ligne=ligne,
            position=62,
            zone="norme",
        )

    def de_version(self, variante: Variante, version: str) -> Variante:
        """The variant of the same norm that lists this version; `variante` itself when none does."""
        parentes = (v for v in self.par_code.values() if set(v.normes) & set(variante.normes))
        return next((v for v in parentes if version in v.versions), variante)


@lru_cache(maxsize=1)
def registre() -> Registre:
    """The register shipped with the program."""
    with ressource("flux", "registre.csv").open(encoding="utf-8", newline="") as table:
        return Registre(_variante(rangee) for rangee in csv.DictReader(table, delimiter=";"))


def _variante(rangee: dict[str, str]) -> Variante:
    return Variante(
        code=rangee["variante"],
        nom=rangee["nom"],
        normes=_liste(rangee["normes"]),
        versions=_liste(rangee["versions"]),
        socle=rangee["socle"],
        jeu=_JEUX[rangee["jeu"]],
        certitude=rangee["certitude"],
        titre=rangee["titre"],
        avertissement=rangee["avertissement"],
    )


def _liste(texte: str) -> tuple[str, ...]:
    return tuple(texte.split("|")) if texte else ()
