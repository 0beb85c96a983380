"""Pages of a scanned piece (PNG, JPEG, TIFF or PDF) as grey images with their resolution."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sesam_desktop.base.fichiers import traduire
from sesam_desktop.noyau.erreurs import ErreurConnue

from .reglages import reglages

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "TIFF")
MM_PAR_POUCE = 25.4


@dataclass(frozen=True, slots=True)
class Page:
    """One page in 8-bit grey.

    dpi          what the scan really holds (a PDF may be drawn finer than the picture inside it)
    hauteur_mm   of the large side on paper, which gives the scale of `image`
    dpi_suppose  the file gives no credible resolution, it is deduced from an A4 page
    """

    image: Image
    dpi: int
    hauteur_mm: float
    dpi_suppose: bool = False

    @property
    def cotes_mm(self) -> tuple[float, float]:
        """(small side, large side) on paper."""
        petit, grand = sorted(self.image.size)
        return petit * self.hauteur_mm / grand, self.hauteur_mm

    @property
    def dpi_image(self) -> float:
        """Resolution of `image` itself."""
        return max(self.image.size) * MM_PAR_POUCE / self.hauteur_mm


def lire(chemin: Path) -> list[Page]:
    """Every page of the file. Raises FICHIER_ABSENT, PIECE_ILLISIBLE, PIECE_TROP_GRANDE."""
    try:
        with chemin.open("rb") as flux:
            debut = flux.read(1024)
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur
    pages = list(_pages_pdf(chemin) if b"%PDF-" in debut else _pages_image(chemin))
    if not pages:
        raise _illisible(chemin)
    return pages


def _pages_image(chemin: Path) -> Iterator[Page]:
    from PIL import Image, ImageOps, ImageSequence

    try:
        with Image.open(chemin, formats=FORMATS) as image:
            _exiger_taille(*image.size, chemin)
            for rang, trame in enumerate(ImageSequence.Iterator(image), 1):
                _exiger_nombre(rang, chemin)
                _exiger_taille(*trame.size, chemin)
                yield _page(_en_gris(ImageOps.exif_transpose(trame)), trame.info.get("dpi"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as erreur:
        raise _trop_grande(chemin) from erreur
    except (OSError, ValueError, SyntaxError, TypeError, IndexError, KeyError, struct.error, zlib.error) as erreur:
        raise _illisible(chemin) from erreur


def _en_gris(image: Image) -> Image:
    """8-bit grey on a white sheet (what is transparent shows the paper)."""
    from PIL import Image as Pil

    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return image.convert("F").point(lambda v: v / 257).convert("L")
    if "A" in image.mode or "transparency" in image.info:
        feuille = Pil.new("RGBA", image.size, "white")
        return Pil.alpha_composite(feuille, image.convert("RGBA")).convert("L")
    return image.convert("L")


def _page(image: Image, dpi: Any) -> Page:
    regles = reglages().resolution
    annonce = min(_entier(v) for v in dpi) if isinstance(dpi, tuple) and dpi else 0
    grand = max(image.size)
    if annonce > 0 and grand * MM_PAR_POUCE / annonce <= regles.cote_maximal_mm:
        return Page(image, annonce, grand * MM_PAR_POUCE / annonce)
    supposee = regles.hauteur_supposee_mm
    return Page(image, max(1, round(grand * MM_PAR_POUCE / supposee)), supposee, dpi_suppose=True)


def _entier(valeur: Any) -> int:
    """Rounded resolution; 0 for what a damaged header may hold (zero denominator, infinity)."""
    try:
        return round(float(valeur))
    except (ZeroDivisionError, OverflowError, ValueError):
        return 0


def _pages_pdf(chemin: Path) -> Iterator[Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(chemin)
    except pypdfium2.PdfiumError as erreur:
        raise _illisible(chemin) from erreur
    try:
        _exiger_nombre(len(document), chemin)
        for page in document:
            yield _page_pdf(page, chemin)
    except pypdfium2.PdfiumError as erreur:
        raise _illisible(chemin) from erreur
    finally:
        document.close()


def _page_pdf(page: Any, chemin: Path) -> Page:
    """Drawn at the required resolution; the resolution told is that of the largest picture the page holds, if any."""
    voulue = reglages().resolution.minimale_dpi
    largeur, hauteur = page.get_size()
    _exiger_taille(largeur * voulue / 72, hauteur * voulue / 72, chemin)
    image = page.render(scale=voulue / 72, grayscale=True).to_pil().convert("L")
    return Page(image, _resolution_incluse(page) or voulue, max(largeur, hauteur) * MM_PAR_POUCE / 72)


def _resolution_incluse(page: Any) -> int:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    images = [objet.get_metadata() for objet in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE])]
    if not images:
        return 0
    principale = max(images, key=lambda m: m.width * m.height)
    return round(min(principale.horizontal_dpi, principale.vertical_dpi))


def _exiger_taille(largeur: float, hauteur: float, chemin: Path) -> None:
    if largeur * hauteur > reglages().piece.points_maximum or min(largeur, hauteur) < 1:
        raise _trop_grande(chemin)


def _exiger_nombre(pages: int, chemin: Path) -> None:
    maximum = reglages().piece.pages_maximum
    if pages > maximum:
        raise ErreurConnue(
            f"Cette pièce compte plus de {maximum} pages.",
            code="PIECE_TROP_GRANDE",
            ou=chemin.name,
            action="Numérisez chaque ordonnance à part.",
        )


def _trop_grande(chemin: Path) -> ErreurConnue:
    return ErreurConnue(
        "Les dimensions de cette image ne sont pas celles d'une page.",
        code="PIECE_TROP_GRANDE",
        ou=chemin.name,
        action="Numérisez-la de nouveau à 200 ou 300 dpi.",
    )


def _illisible(chemin: Path) -> ErreurConnue:
    return ErreurConnue(
        "Cette pièce ne peut pas être lue : elle est abîmée, protégée ou d'un format inconnu.",
        code="PIECE_ILLISIBLE",
        ou=chemin.name,
        action="Formats acceptés : PNG, JPEG, TIFF et PDF sans mot de passe.",
    )
