"""Sheets written for the accountant: CSV that a French spreadsheet opens, or one XLSX workbook.

A text that a spreadsheet would take for a formula is written as text: an apostrophe before it in a CSV, a string cell
in a workbook. Amounts go from integer centimes to two exact decimals, never through a binary fraction of ours.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sesam_desktop.base.fichiers import remplacer
from sesam_desktop.noyau.tableur import sans_formule

from .feuilles import Colonne, Feuille, Genre

_FORMATS = {Genre.MONTANT: "#,##0.00", Genre.DATE: "dd/mm/yyyy", Genre.NOMBRE: "0", Genre.TEXTE: "@"}


def ecrire_csv(dossier: Path, feuilles: Sequence[Feuille]) -> list[Path]:
    """One file a sheet in `dossier`: UTF-8 with its mark, semicolons, decimal comma. Raises ErreurConnue (disk)."""
    ecrits = []
    for feuille in feuilles:
        chemin = dossier / f"{feuille.nom}.csv"
        remplacer(chemin, en_csv(feuille))
        ecrits.append(chemin)
    return ecrits


def ecrire_xlsx(chemin: Path, feuilles: Sequence[Feuille]) -> Path:
    """One workbook, a sheet a subject. Raises ErreurConnue (disk)."""
    remplacer(chemin, en_xlsx(feuilles))
    return chemin


def en_csv(feuille: Feuille) -> bytes:
    """Titles, then rows."""
    texte = io.StringIO()
    tableau = csv.writer(texte, delimiter=";", lineterminator="\r\n")
    tableau.writerow([colonne.titre for colonne in feuille.colonnes])
    for ligne in feuille.lignes:
        tableau.writerow([_texte(colonne, valeur) for colonne, valeur in zip(feuille.colonnes, ligne, strict=True)])
    return texte.getvalue().encode("utf-8-sig")


def en_xlsx(feuilles: Sequence[Feuille]) -> bytes:
    """The workbook's bytes."""
    import xlsxwriter

    octets = io.BytesIO()
    with xlsxwriter.Workbook(octets, {"in_memory": True, "strings_to_formulas": False}) as classeur:
        classeur.set_properties({"title": "Comptes", "author": "Sesam Desktop"})
        formats = {genre: classeur.add_format({"num_format": forme}) for genre, forme in _FORMATS.items()}
        titre = classeur.add_format({"bold": True, "bottom": 1})
        for feuille in feuilles:
            page = classeur.add_worksheet(feuille.nom.capitalize())
            _remplir(page, feuille, formats, titre)
    return octets.getvalue()


def _remplir(page: Any, feuille: Feuille, formats: dict[Genre, Any], titre: Any) -> None:
    page.freeze_panes(1, 0)
    page.set_header(f"&L{feuille.titre}")
    page.set_landscape()
    page.repeat_rows(0)
    for rang, colonne in enumerate(feuille.colonnes):
        page.set_column(rang, rang, colonne.largeur)
        page.write_string(0, rang, colonne.titre, titre)
    for numero, ligne in enumerate(feuille.lignes, 1):
        for rang, (colonne, valeur) in enumerate(zip(feuille.colonnes, ligne, strict=True)):
            _cellule(page, numero, rang, valeur, colonne.genre, formats[colonne.genre])
    if feuille.lignes:
        page.autofilter(0, 0, len(feuille.lignes), len(feuille.colonnes) - 1)


def _cellule(page: Any, ligne: int, rang: int, valeur: Any, genre: Genre, forme: Any) -> None:
    if valeur is None:
        page.write_blank(ligne, rang, None, forme)
    elif genre is Genre.MONTANT:
        page.write_number(ligne, rang, euros(valeur), forme)
    elif genre is Genre.NOMBRE:
        page.write_number(ligne, rang, valeur, forme)
    elif genre is Genre.DATE:
        page.write_datetime(ligne, rang, valeur, forme)
    else:
        page.write_string(ligne, rang, valeur, forme)


def _texte(colonne: Colonne, valeur: Any) -> str:
    if valeur is None:
        return ""
    if colonne.genre is Genre.MONTANT:
        return str(euros(valeur)).replace(".", ",")
    if isinstance(valeur, date):
        return valeur.strftime("%d/%m/%Y")
    return sans_formule(str(valeur)) if colonne.genre is Genre.TEXTE else str(valeur)


def euros(centimes: int) -> Decimal:
    """Exact euros with two decimals."""
    return Decimal(centimes).scaleb(-2)
