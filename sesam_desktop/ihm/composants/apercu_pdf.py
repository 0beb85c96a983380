"""Pages of a PDF, shown as they will be printed, and the way to the printer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from .disposition import vider

_DPI_ECRAN, _DPI_IMPRIMANTE, _DPI_PDF = 144, 300, 72


def rendre(chemin: Path, dpi: int = _DPI_ECRAN) -> list[QImage]:
    """One image a page. Runs on a worker."""
    import pypdfium2

    images = []
    with pypdfium2.PdfDocument(chemin) as document:
        for page in document:
            trame = page.render(scale=dpi / _DPI_PDF, rev_byteorder=True, prefer_bgrx=True)
            image = QImage(trame.buffer, trame.width, trame.height, trame.stride, QImage.Format.Format_RGBX8888)
            images.append(image.copy())
    return images


class ApercuPdf(QScrollArea):
    """Pages one under the other, as wide as the view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Aperçu")
        self.setWidgetResizable(True)
        self._images: list[QImage] = []
        self._contenu = QWidget()
        self._colonne = QVBoxLayout(self._contenu)
        self.setWidget(self._contenu)

    @property
    def nombre_pages(self) -> int:
        """How many pages are shown."""
        return len(self._images)

    def montrer(self, images: list[QImage]) -> None:
        """Show `images`; none empties the view."""
        self._images = images
        vider(self._colonne)
        for rang in range(len(images)):
            page = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
            page.setAccessibleName(f"Page {rang + 1} sur {len(images)}")
            self._colonne.addWidget(page)
        self._colonne.addStretch(1)
        self._ajuster()

    def resizeEvent(self, evenement: QResizeEvent) -> None:
        super().resizeEvent(evenement)
        self._ajuster()

    def _ajuster(self) -> None:
        echelle = self.devicePixelRatioF()
        marges = self._colonne.contentsMargins()
        largeur = round((self.viewport().width() - marges.left() - marges.right()) * echelle)
        for rang, image in enumerate(self._images):
            element = self._colonne.itemAt(rang)
            etiquette = element.widget() if element is not None else None
            if isinstance(etiquette, QLabel) and largeur > 0:
                vue = QPixmap.fromImage(image.scaledToWidth(largeur, Qt.TransformationMode.SmoothTransformation))
                vue.setDevicePixelRatio(echelle)
                etiquette.setPixmap(vue)


def imprimer(chemin: Path, titre: str, parent: QWidget) -> bool:
    """Ask for the printer, then print every page. False when the user gives up."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    imprimante = QPrinter(QPrinter.PrinterMode.HighResolution)
    imprimante.setDocName(titre)
    dialogue = QPrintDialog(imprimante, parent)
    dialogue.setWindowTitle(titre)
    if dialogue.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    imprimer_sur(imprimante, rendre(chemin, _DPI_IMPRIMANTE))
    return True


def imprimer_sur(imprimante, images: list[QImage]) -> None:
    """Paint `images`, one a sheet, at the largest size that keeps their proportions."""
    peintre = QPainter(imprimante)
    for rang, image in enumerate(images):
        if rang:
            imprimante.newPage()
        zone = peintre.viewport()
        taille = image.size().scaled(zone.size(), Qt.AspectRatioMode.KeepAspectRatio)
        peintre.drawImage(QRect(zone.topLeft(), taille), image)
    peintre.end()
