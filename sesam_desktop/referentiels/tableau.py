"""A table with named columns as its publisher gives it: text with a header, or dBase. Pure: bytes in, rows out.

Every row keeps its line (or record) number, so that a rejection can name it. Cells are stripped text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide

from . import dbf

_SEPARATEURS = (";", "\t", ",")


@dataclass(frozen=True, slots=True)
class Tableau:
    """The rows of one file. `date` is the day written in the file itself, None when it holds none."""

    fichier: str
    colonnes: tuple[str, ...]
    lignes: Iterator[tuple[int, list[str]]]
    date: date | None = None

    def nommer(self, cellules: list[str]) -> dict[str, str]:
        """The cells of one row by column. Raises EntreeInvalide when there are too few or too many."""
        if len(cellules) != len(self.colonnes):
            raise EntreeInvalide(f"{len(cellules)} colonnes au lieu de {len(self.colonnes)}")
        return dict(zip(self.colonnes, cellules, strict=True))

    def exiger(self, *colonnes: str) -> None:
        """Raise FormatInvalide when one of these columns is missing."""
        absentes = [nom for nom in colonnes if nom not in self.colonnes]
        if absentes:
            raise FormatInvalide(
                f"Il manque {'la colonne' if len(absentes) == 1 else 'les colonnes'} {', '.join(absentes)} :"
                " rien n'a été modifié.",
                code="TABLE_ILLISIBLE", fichier=self.fichier, ligne=1,
                action="Vérifiez qu'il s'agit du fichier officiel, sans retouche.",
            )


def lire(fichier: str, octets: bytes) -> Tableau:
    """The table held by `octets`; a name in ``.dbf`` is read as dBase, anything else as text with a header."""
    if fichier.lower().endswith(".dbf"):
        table = dbf.lire(fichier, octets)
        return Tableau(fichier, table.colonnes, table.lignes, table.date)
    return _texte(fichier, octets)


def _texte(fichier: str, octets: bytes) -> Tableau:
    texte = _decoder(octets)
    entete = texte.partition("\n")[0]
    separateur = next((s for s in _SEPARATEURS if s in entete.strip()), "")
    lignes = _lignes(fichier, texte, separateur or _SEPARATEURS[0])
    premiere = next(lignes, None)
    if premiere is None or not separateur:
        raise FormatInvalide(
            "Ce fichier n'a pas d'en-tête de colonnes séparées par des points-virgules ou des virgules.",
            code="TABLE_ILLISIBLE", fichier=fichier, ligne=1,
        )
    return Tableau(fichier, tuple(premiere[1]), lignes)


def _lignes(fichier: str, texte: str, separateur: str) -> Iterator[tuple[int, list[str]]]:
    lecteur = csv.reader(io.StringIO(texte, newline=None), delimiter=separateur)
    try:
        for cellules in lecteur:
            if any(cellule.strip() for cellule in cellules):
                yield lecteur.line_num, [cellule.strip() for cellule in cellules]
    except csv.Error:
        raise FormatInvalide(
            "Le fichier ne se lit pas comme un tableau : rien n'a été modifié.",
            code="TABLE_ILLISIBLE", fichier=fichier, ligne=lecteur.line_num,
        ) from None


def _decoder(octets: bytes) -> str:
    octets = octets.removeprefix(b"\xef\xbb\xbf")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", errors="replace")
