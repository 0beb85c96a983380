"""Is a scanned piece good enough to be sent? Resolution, size, sharpness, blank page.

Sharpness is the variance of the Laplacian around the ink, after a slight smoothing: it depends neither on how much is
written nor on the noise of the sensor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from . import pages
from .pages import Page
from .reglages import reglages

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Qualite:
    """Of the worst page. `largeur` and `hauteur` in pixels; `motifs` are French sentences, empty when `conforme`."""

    dpi: int
    largeur: int
    hauteur: int
    nettete: int
    conforme: bool
    motifs: tuple[str, ...]
    pages: int = 1
    dpi_suppose: bool = False


def mesurer(chemin: Path) -> Qualite:
    """Quality of the file at `chemin`. Raises PIECE_ILLISIBLE and its like when it cannot be opened."""
    return mesurer_pages(pages.lire(chemin))


def mesurer_pages(lues: Sequence[Page]) -> Qualite:
    """Quality of pages already read (one at least)."""
    nettetes = [_nettete(page) for page in lues]
    motifs = [
        f"Page {rang} : {motif}" if len(lues) > 1 else motif[0].upper() + motif[1:]
        for rang, (page, nettete) in enumerate(zip(lues, nettetes, strict=True), 1)
        for motif in _motifs(page, nettete)
    ]
    pire = min(lues, key=lambda page: page.dpi)
    return Qualite(
        dpi=pire.dpi,
        largeur=pire.image.width,
        hauteur=pire.image.height,
        nettete=min((n for n in nettetes if n is not None), default=0),
        conforme=not motifs,
        motifs=tuple(motifs),
        pages=len(lues),
        dpi_suppose=any(page.dpi_suppose for page in lues),
    )


def _motifs(page: Page, nettete: int | None) -> list[str]:
    regles = reglages()
    motifs = []
    if page.dpi < regles.resolution.minimale_dpi - regles.resolution.tolerance_dpi:
        source = " (déduits d'une page A4)" if page.dpi_suppose else ""
        motifs.append(f"la résolution est de {page.dpi} dpi{source} ; il en faut {regles.resolution.minimale_dpi}.")
    petit, grand = page.cotes_mm
    largeur, hauteur, marge = (
        regles.format.largeur_minimale_mm,
        regles.format.hauteur_minimale_mm,
        regles.format.tolerance_mm,
    )
    if petit < largeur - marge or grand < hauteur - marge:
        motifs.append(f"la page fait {petit:.0f} × {grand:.0f} mm ; il faut au moins {largeur} × {hauteur} mm (A5).")
    if nettete is None:
        motifs.append("la page est blanche.")
    elif nettete < regles.nettete.minimale:
        motifs.append(f"l'image est floue (netteté {nettete}, il faut {regles.nettete.minimale}).")
    return motifs


def _nettete(page: Page) -> int | None:
    """Sharpness at the required resolution, None when there is nothing written."""
    from PIL import ImageFilter, ImageStat

    image = _ramener(page)
    seuil = _fond(image) - reglages().nettete.ecart_encre
    encre = image.point(lambda gris: 255 if gris < seuil else 0)
    if encre.histogram()[255] < reglages().nettete.encre_minimale * image.width * image.height:
        return None
    laplacien = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
    contours = image.filter(ImageFilter.GaussianBlur(1)).filter(laplacien)
    interieur = (1, 1, image.width - 1, image.height - 1)  # the kernel leaves the border as it was
    autour = encre.filter(ImageFilter.MaxFilter(5)).crop(interieur)
    mesure = ImageStat.Stat(contours.crop(interieur), autour)
    return round(mesure.var[0]) if mesure.count[0] else None


def _ramener(page: Page) -> Image:
    """The image at the required resolution when it is finer, and never smaller than the filters need."""
    facteur = reglages().resolution.minimale_dpi / page.dpi_image
    if facteur >= 1:
        return page.image
    taille = (max(8, round(page.image.width * facteur)), max(8, round(page.image.height * facteur)))
    return page.image.resize(taille, reducing_gap=2.0)


def _fond(image: Image) -> int:
    """Grey of the paper: the median level."""
    moitie = image.width * image.height / 2
    return next(niveau for niveau, cumul in enumerate(accumulate(image.histogram())) if cumul >= moitie)
