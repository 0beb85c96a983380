"""An A4 sheet to print on: embedded fonts, texts placed in points from the top left, tables with aligned columns."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from sesam_desktop.noyau import montants

LARGEUR, HAUTEUR, MARGE = 595.28, 841.89, 36.0
NORMAL, GRAS = "SesamVera", "SesamVera-Gras"
_INSECABLE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Colonne:
    """A column of a table: `a_droite` for amounts and counts."""

    titre: str
    largeur: float
    a_droite: bool = False


@cache
def _largeurs() -> dict[str, dict[int, int]]:
    """Install the fonts and give the width of their characters (thousandths of the size).

    Bitstream Vera, shipped inside reportlab: embedded, so that a page prints the same everywhere.
    """
    import reportlab
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    rl_config.useA85 = 0  # ASCII armour would cost a quarter of the size and of the time
    dossier = Path(reportlab.__file__).parent / "fonts"
    polices = [TTFont(n, str(dossier / f), asciiReadable=0) for n, f in ((NORMAL, "Vera.ttf"), (GRAS, "VeraBd.ttf"))]
    for police in polices:
        pdfmetrics.registerFont(police)
    return {police.fontName: police.face.charWidths for police in polices}


class Feuille:
    """A PDF in the making. Coordinates: x from the left, y from the top, in points."""

    def __init__(self, titre: str) -> None:
        from reportlab.pdfgen.canvas import Canvas

        _largeurs()
        self._tampon = io.BytesIO()
        self._canevas: Any = Canvas(
            self._tampon, pagesize=(LARGEUR, HAUTEUR), pageCompression=1, lang="fr-FR", initialFontName=NORMAL
        )
        self._canevas.setTitle(titre)
        self._canevas.setCreator("Sesam Desktop")
        self._textes: Any = None
        self._police = ("", 0.0)

    def texte(self, x: float, y: float, texte: str, taille: float = 8, *, gras: bool = False) -> None:
        """Text that starts at x."""
        if self._textes is None:
            self._textes = self._canevas.beginText()
            self._police = ("", 0.0)
        police = (GRAS if gras else NORMAL, taille)
        if self._police != police:
            self._textes.setFont(*police)
            self._police = police
        self._textes.setTextOrigin(x, HAUTEUR - y)
        self._textes.textOut(texte)

    def texte_a_droite(self, x: float, y: float, texte: str, taille: float = 8, *, gras: bool = False) -> None:
        """Text that ends at x."""
        self.texte(x - largeur(texte, taille, gras=gras), y, texte, taille, gras=gras)

    def trait(self, y: float, epaisseur: float = 0.5) -> None:
        """A line across the sheet."""
        self._canevas.setLineWidth(epaisseur)
        self._canevas.line(MARGE, HAUTEUR - y, LARGEUR - MARGE, HAUTEUR - y)

    def rangee(
        self, y: float, colonnes: Sequence[Colonne], valeurs: Sequence[str], taille: float = 7, *, gras: bool = False
    ) -> None:
        """One row of a table; a text too wide is cut with an ellipsis."""
        x = MARGE
        for colonne, valeur in zip(colonnes, valeurs, strict=True):
            if colonne.a_droite:
                self.texte_a_droite(x + colonne.largeur - 3, y, valeur, taille, gras=gras)
            elif valeur:
                self.texte(x, y, couper(valeur, colonne.largeur - 4, taille, gras=gras), taille, gras=gras)
            x += colonne.largeur

    def ouvrir_calque(self, nom: str) -> None:
        """What is drawn until `fermer_calque` can be put on several pages at the cost of one."""
        self._canevas.beginForm(nom, upperx=LARGEUR, uppery=HAUTEUR)

    def fermer_calque(self) -> None:
        self._vider()
        self._canevas.endForm()

    def poser_calque(self, nom: str) -> None:
        """Draw a layer on the current page."""
        self._canevas.doForm(nom)

    def page_suivante(self) -> None:
        """End this page."""
        self._vider()
        self._canevas.showPage()

    def octets(self) -> bytes:
        """The finished PDF (the last page must be ended)."""
        self._canevas.save()
        return self._tampon.getvalue()

    def _vider(self) -> None:
        """Texts of a page are gathered in one object, several times faster than one object a text."""
        if self._textes is not None:
            self._canevas.drawText(self._textes)
            self._textes = None


def largeur(texte: str, taille: float, *, gras: bool = False) -> float:
    """Width of `texte` in points."""
    largeurs = _largeurs()[GRAS if gras else NORMAL]
    return sum(largeurs.get(ord(c), 0) for c in texte) * taille / 1000


def couper(texte: str, place: float, taille: float, *, gras: bool = False) -> str:
    """`texte` shortened to fit `place` points."""
    if largeur(texte, taille, gras=gras) <= place:
        return texte
    largeurs, reste = _largeurs()[GRAS if gras else NORMAL], (place - largeur("…", taille, gras=gras)) * 1000 / taille
    cumuls = list(accumulate(largeurs.get(ord(c), 0) for c in texte))
    return texte[: bisect_right(cumuls, reste)].rstrip() + "…"


def euros(centimes: int) -> str:
    """French writing of an amount with the characters the font has."""
    return montants.formater(centimes).replace(montants.ESPACE_FINE, _INSECABLE)
