"""The duplicata of the invoice chosen: made once by a worker, seen as it will be printed, then printed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from ..atelier import Atelier
from ..composants.apercu_pdf import ApercuPdf, rendre
from ..pages.page import Page

_FILE = "registre"


class Duplicata(QObject):
    """`apercu` is the widget; what cannot be made is said by the page."""

    def __init__(self, atelier: Atelier, page: Page) -> None:
        super().__init__(page)
        self._atelier, self._page = atelier, page
        self._dossier = tempfile.TemporaryDirectory(prefix="sesam-apercu-", ignore_cleanup_errors=True)
        self._pdf: Path | None = None
        self.apercu = ApercuPdf()

    def oublier(self) -> None:
        """Another invoice is chosen."""
        self._pdf = None
        self.apercu.montrer([])

    def preparer(self, numero: str, suite: Callable[[Path], object] = lambda _: None) -> None:
        """Show that of `numero`, then do `suite` with its file."""
        if self._pdf is not None and self._pdf.stem == numero:
            suite(self._pdf)
            return
        self._atelier.taches.lancer(
            _FILE, lambda _: self._editer(numero), resultat=lambda fait: self._montrer(fait[0], fait[1], suite),
            erreur=self._page.bandeau.dire_erreur, proprietaire=self,
        )

    def _editer(self, numero: str) -> tuple[Path, list[QImage]]:
        chemin = self._atelier.poste.registre.duplicata(numero, Path(self._dossier.name) / f"{numero}.pdf")
        return chemin, rendre(chemin)

    def _montrer(self, chemin: Path, images: list[QImage], suite: Callable[[Path], object]) -> None:
        self._pdf = chemin
        self.apercu.montrer(images)
        suite(chemin)
