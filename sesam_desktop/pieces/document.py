"""Makes the PDF that is sent: every page in 8-bit grey at the required resolution, within the size allowed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

from . import pages
from .pages import Page
from .qualite import mesurer_pages
from .reglages import reglages

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class DocumentPiece:
    """One PDF ready to be kept and sent. `empreinte` is the SHA-256 (hex) of `pdf`."""

    pdf: bytes
    empreinte: str
    pages: int
    dpi: int


def composer(chemins: Sequence[Path]) -> DocumentPiece:
    """One PDF of all the pages of `chemins`, in order. Raises PIECE_NON_CONFORME with every reason."""
    lues = [page for chemin in chemins for page in pages.lire(chemin)]
    qualite = mesurer_pages(lues)
    if not qualite.conforme:
        raise ErreurConnue(
            f"La pièce n'est pas assez bonne pour être envoyée : {' '.join(qualite.motifs)}",
            code="PIECE_NON_CONFORME",
            ou=", ".join(chemin.name for chemin in chemins),
            action="Numérisez-la de nouveau.",
        )
    pdf = _tenir_dans_la_taille([_a_envoyer(page) for page in lues])
    return DocumentPiece(pdf, hashlib.sha256(pdf).hexdigest(), len(lues), reglages().resolution.minimale_dpi)


def _a_envoyer(page: Page) -> Image:
    facteur = reglages().resolution.minimale_dpi / page.dpi_image
    taille = (max(1, round(page.image.width * facteur)), max(1, round(page.image.height * facteur)))
    return page.image if facteur == 1 else page.image.resize(taille, reducing_gap=2.0)


def _tenir_dans_la_taille(images: Sequence[Image]) -> bytes:
    limites = reglages().piece
    for qualite in limites.qualites_jpeg:
        pdf = _en_pdf(images, qualite)
        if len(pdf) <= limites.taille_maximale_octets:
            return pdf
    raise ErreurConnue(
        f"Cette pièce dépasse {limites.taille_maximale_octets // 1000} ko même réduite.",
        code="PIECE_TROP_LOURDE",
        action="Numérisez chaque ordonnance à part, sur un fond uni.",
    )


def _en_pdf(images: Sequence[Image], qualite: int) -> bytes:
    tampon = io.BytesIO()
    images[0].save(
        tampon,
        "PDF",
        save_all=True,
        append_images=images[1:],
        resolution=float(reglages().resolution.minimale_dpi),
        quality=qualite,
        creationDate=None,  # so that the same scan gives the same bytes
        modDate=None,
    )
    return tampon.getvalue()
