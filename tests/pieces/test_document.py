from __future__ import annotations

import hashlib
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.pieces.document import composer
from sesam_desktop.pieces.qualite import mesurer

from .conftest import page


def _images(pdf: bytes) -> list[tuple[float, float, int, int]]:
    """(width mm, height mm, dpi, bits a pixel) of each page, read by pdfium."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    document = pypdfium2.PdfDocument(pdf)
    vues = []
    for feuille in document:
        (image,) = feuille.get_objects(filter=[FPDF_PAGEOBJ_IMAGE])
        meta = image.get_metadata()
        largeur, hauteur = feuille.get_size()
        vues.append((largeur * 25.4 / 72, hauteur * 25.4 / 72, round(meta.horizontal_dpi), meta.bits_per_pixel))
    document.close()
    return vues


@pytest.mark.parametrize("nom", ["p.png", "p.jpg", "p.tif", "p.pdf"])
@pytest.mark.parametrize("dpi", [200, 300])
def test_gris_8_bits_200_dpi_taille_reelle(nom: str, dpi: int, fichier) -> None:
    document = composer([fichier(nom, dpi=dpi)])
    ((largeur, hauteur, resolution, bits),) = _images(document.pdf)
    assert (resolution, bits) == (200, 8)
    assert (largeur, hauteur) == pytest.approx((148, 210), abs=0.5)
    assert len(document.pdf) <= 300_000
    assert (document.pages, document.dpi) == (1, 200)
    assert document.empreinte == hashlib.sha256(document.pdf).hexdigest()


def test_le_pdf_fait_est_lui_meme_conforme(fichier, tmp_path: Path) -> None:
    (tmp_path / "fait.pdf").write_bytes(composer([fichier(mm=(210, 297), lignes=25)]).pdf)
    assert mesurer(tmp_path / "fait.pdf").conforme


def test_une_couleur_devient_du_gris(fichier) -> None:
    assert _images(composer([fichier("p.jpg", mode="RGB")]).pdf)[0][3] == 8


def test_le_meme_scan_donne_les_memes_octets(fichier) -> None:
    chemin = fichier()
    assert composer([chemin]).pdf == composer([chemin]).pdf


def test_plusieurs_fichiers_font_un_document(fichier) -> None:
    document = composer([fichier("a.png"), fichier("b.pdf", lignes=5)])
    assert document.pages == len(_images(document.pdf)) == 2


def test_une_page_lourde_est_comprimee_davantage(tmp_path: Path) -> None:
    lourde = page(mm=(210, 297), lignes=25)
    lourde = ImageChops.add(lourde, Image.effect_noise(lourde.size, 14), scale=1, offset=-128)
    lourde.save(tmp_path / "p.png", dpi=(200, 200))
    assert len(composer([tmp_path / "p.png"]).pdf) <= 300_000


def test_une_piece_qui_ne_tient_pas_est_refusee(tmp_path: Path) -> None:
    bruit = ImageChops.add(page(mm=(210, 297)), Image.effect_noise((1654, 2339), 60), scale=1, offset=-128)
    bruit.save(tmp_path / "p.png", dpi=(200, 200))
    with pytest.raises(ErreurConnue) as vu:
        composer([tmp_path / "p.png"])
    assert vu.value.code in ("PIECE_TROP_LOURDE", "PIECE_NON_CONFORME")


def test_une_page_non_conforme_est_refusee_avec_ses_motifs(fichier) -> None:
    with pytest.raises(ErreurConnue) as vu:
        composer([fichier(flou=4)])
    assert vu.value.code == "PIECE_NON_CONFORME"
    assert "L'image est floue" in vu.value.message
    assert vu.value.ou == "page.png"
