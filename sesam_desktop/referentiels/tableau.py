"""A table with named columns as its publisher gives it: text with a header, or dBase. Pure: bytes in, rows out.

Every row keeps its line (or record) number, so that a rejection can name it. Cells are stripped text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide, TexteInvalide

from . import dbf

_SEPARATEURS = (";", "\t", ",")
_RETELECHARGER = "Téléchargez de nouveau le fichier officiel, et ne l'enregistrez pas avec un tableur."


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
            raise EntreeInvalide(f"nombre de colonnes : {len(cellules)} au lieu de {len(self.colonnes)}")
        return dict(zip(self.colonnes, cellules, strict=True))

    def exiger(self, *colonnes: str) -> None:
        """Raise FormatInvalide when one of these columns is missing."""
        absentes = [nom for nom in colonnes if nom not in self.colonnes]
        if absentes:
            raise FormatInvalide(
                f"Il manque {'la colonne' if len(absentes) == 1 else 'les colonnes'} {', '.join(absentes)} :"
                " rien n'a été modifié.",
                code="TABLE_ILLISIBLE", fichier=self.fichier,
                action="Vérifiez qu'il s'agit du fichier officiel, sans retouche.",
            )


def lire(fichier: str, octets: bytes) -> Tableau:
    """The table held by `octets`; a name in ``.dbf`` is read as dBase, anything else as text with a header."""
    if fichier.lower().endswith(".dbf"):
        table = dbf.lire(fichier, octets)
        return Tableau(fichier, table.colonnes, table.lignes, table.date)
    return _texte(fichier, octets)


def _texte(fichier: str, octets: bytes) -> Tableau:
    texte = decoder(octets)
    entete = texte.partition("\n")[0]
    separateur = next((s for s in _SEPARATEURS if s in entete.strip()), "")
    lignes = rangees(fichier, texte, separateur or _SEPARATEURS[0])
    premiere = next(lignes, None)
    if premiere is None or not separateur:
        raise TexteInvalide(
            "Ce fichier n'a pas d'en-tête de colonnes séparées par des points-virgules ou des virgules :"
            " rien n'a été modifié.",
            code="TABLE_ILLISIBLE", fichier=fichier, action=_RETELECHARGER,
        )  # fmt: skip
    return Tableau(fichier, tuple(premiere[1]), ((n, c) for n, c in lignes if any(c)))


def rangees(fichier: str, texte: str, separateur: str) -> Iterator[tuple[int, list[str]]]:
    """(first line, stripped cells) of each row; a cell in quotes may hold line feeds. Raises at the row that is wrong.

    A quote that is never closed would swallow the rest of the file: it is refused.
    """
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    while True:
        numero = lecteur.line_num + 1
        try:
            cellules = next(lecteur, None)
        except csv.Error:
            raise TexteInvalide(
                "Le fichier ne se lit pas comme un tableau : rien n'a été modifié.",
                code="TABLE_ILLISIBLE", fichier=fichier, ligne=numero, action=_RETELECHARGER,
            ) from None  # fmt: skip
        if cellules is None:
            return
        yield numero, [cellule.strip() for cellule in cellules]


def decoder(octets: bytes) -> str:
    """UTF-8, else cp1252: the official texts are in one or the other."""
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", errors="replace")
