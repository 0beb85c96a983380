"""Pages drawn here: what is printed on them and how sharp they are is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import reportlab
from PIL import Image, ImageDraw, ImageFilter, ImageFont

VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


def page(dpi: int = 200, lignes: int = 12, flou: float = 0, mm: tuple[float, float] = (148, 210), fond: int = 250):
    """A prescription of `lignes` lines in 11 pt on a sheet of `mm`."""
    largeur, hauteur = (round(cote * dpi / 25.4) for cote in mm)
    image = Image.new("L", (largeur, hauteur), fond)
    dessin, police = ImageDraw.Draw(image), ImageFont.truetype(str(VERA), round(dpi * 11 / 72))
    for rang in range(lignes):
        texte = f"Un comprimé matin et soir, ligne {rang}"
        dessin.text((dpi // 2, dpi // 2 + rang * dpi // 3), texte, fill=30, font=police)
    return image.filter(ImageFilter.GaussianBlur(flou)) if flou else image


@pytest.fixture
def fichier(tmp_path: Path) -> Callable[..., Path]:
    """Write a page under a name; keyword arguments of `page`, `dpi_ecrit=False` to leave the resolution out."""

    def ecrire(nom: str = "page.png", *, dpi_ecrit: bool = True, mode: str = "L", **options) -> Path:
        dpi = options.get("dpi", 200)
        chemin = tmp_path / nom
        reglage = {"resolution": dpi} if nom.endswith(".pdf") else {"dpi": (dpi, dpi)} if dpi_ecrit else {}
        page(**options).convert(mode).save(chemin, **reglage)
        return chemin

    return ecrire
