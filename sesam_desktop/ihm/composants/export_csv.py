"""Rows as delimited text, and the file that somebody chooses for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from sesam_desktop.base.fichiers import traduire
from sesam_desktop.noyau.tableur import sans_formule


def delimiter(titres: Iterable[str], rangees: Iterable[Iterable[str]], separateur: str) -> str:
    """Headers, then rows; no cell is taken for a formula."""
    sortie = io.StringIO()
    plume = csv.writer(sortie, delimiter=separateur, lineterminator="\n")
    plume.writerow(titres)
    plume.writerows(map(sans_formule, rangee) for rangee in rangees)
    return sortie.getvalue()


def enregistrer(parent: QWidget, texte: str) -> None:
    """To a CSV file that spreadsheets open in French (`texte` by semicolons; UTF-8 with mark)."""
    chemin, _ = QFileDialog.getSaveFileName(parent, "Exporter le tableau", "", "Tableau CSV (*.csv)")
    if chemin:
        try:
            Path(chemin).with_suffix(".csv").write_text(texte, encoding="utf-8-sig")
        except OSError as erreur:
            QMessageBox.warning(parent, "Exporter le tableau", traduire(erreur, Path(chemin)).phrase())
