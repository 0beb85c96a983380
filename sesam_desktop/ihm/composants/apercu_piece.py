"""A scanned piece: what is thought of its quality, its pages; or what this side of the page is for."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from .apercu_pdf import ApercuPdf
from .bandeau import Bandeau
from .page_vide import PageVide


class ApercuPiece(QWidget):
    """`verdict` also tells what went wrong with a file or the scanner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict, self.pages = Bandeau(), ApercuPdf()
        self._pile = QStackedWidget()
        self._pile.addWidget(PageVide(
            "L'ordonnance s'affiche ici avec sa qualité. Choisissez à gauche sa facture, puis numérisez la page (F7),"
            " joignez un fichier (F10) ou glissez-le ici."
        ))
        self._pile.addWidget(self.pages)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.verdict)
        colonne.addWidget(self._pile, 1)

    @property
    def nombre_pages(self) -> int:
        """How many pages are shown."""
        return self.pages.nombre_pages

    def montrer(self, images: list[QImage], qualite: Any, debut: str = "") -> None:
        """Pages and verdict; `debut` begins the sentence."""
        self.pages.montrer(images)
        self._pile.setCurrentWidget(self.pages)
        if qualite.conforme:
            self.verdict.dire(f"{debut}Pièce lisible, {qualite.dpi} ppp.", "succes")
        else:
            self.verdict.dire(debut + " ".join(qualite.motifs), "avertissement")
