"""Charts of figures as SVG: bars side by side or stacked, lines, and bars lying down for long names.

The drawing has a view box and no size: whoever shows it chooses. Colours are the caller's (light or dark). Values are
integers (centimes, days, counts); the caller says how they are written. Text is measured, and cut or thinned out before
it would overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing

LARGEUR, HAUTEUR = 640.0, 320.0
_CORPS = 11.0
_PAS = 16.0           # from one line of text to the next
_MARGE = 8.0
_POLICE = "Helvetica"
_AMPLEUR = 1.2        # the font that shows the drawing may be wider than the one it is measured with
_GRADUATIONS = 5
_PLEIN = 0.72         # share of its place that a group of bars fills
_GROUPE_MAX = 90.0    # a month alone is no wall
_POINT = 3.0


@dataclass(frozen=True, slots=True)
class Style:
    """Colours as ``#rrggbb``: of the text, of the grid, of each series in turn."""

    texte: str
    grille: str
    couleurs: tuple[str, ...]

    def couleur(self, rang: int, serie: Serie | None = None) -> str:
        """Of the series of this rank."""
        voulue = rang if serie is None or serie.teinte is None else serie.teinte
        return self.couleurs[voulue % len(self.couleurs)]


@dataclass(frozen=True, slots=True)
class Serie:
    """One name of the legend, a value for each category: None where there is none, which is no zero.

    `teinte`: rank of its colour, so that it keeps it when others are not drawn; its place among the series otherwise.
    """

    nom: str
    valeurs: Sequence[int | None]
    teinte: int | None = None

    @property
    def connues(self) -> list[int]:
        return [v for v in self.valeurs if v is not None]


Ecriture = Callable[[int], str]
Point = tuple[float, float]


def barres(categories: Sequence[str], series: Sequence[Serie], style: Style, ecrire: Ecriture = str) -> bytes:
    """A group of bars for each category."""
    valeurs = [v for serie in series for v in serie.connues]
    cadre = _Cadre(categories, series, style, ecrire, min(valeurs, default=0), max(valeurs, default=0))
    largeur = cadre.groupe / max(1, len(series))
    for rang, serie in enumerate(series):
        couleur = style.couleur(rang, serie)
        for colonne, valeur in enumerate(serie.valeurs):
            gauche = cadre.gauche(colonne) + rang * largeur
            cadre.barre(gauche, largeur * 0.92, 0, valeur or 0, couleur)
    return cadre.octets()


def empilees(categories: Sequence[str], series: Sequence[Serie], style: Style, ecrire: Ecriture = str) -> bytes:
    """One bar for each category, the series one on the other. Values are not negative."""
    totaux = [sum(v or 0 for v in valeurs) for valeurs in zip(*(serie.valeurs for serie in series), strict=True)]
    cadre = _Cadre(categories, series, style, ecrire, 0, max(totaux, default=0))
    for colonne in range(len(categories)):
        pied = 0
        for rang, serie in enumerate(series):
            tete = pied + (serie.valeurs[colonne] or 0)
            cadre.barre(cadre.gauche(colonne), cadre.groupe, pied, tete, style.couleur(rang, serie))
            pied = tete
    return cadre.octets()


def courbes(categories: Sequence[str], series: Sequence[Serie], style: Style, ecrire: Ecriture = str) -> bytes:
    """A line for each series, a point for each category; the line stops where there is no value."""
    valeurs = [v for serie in series for v in serie.connues]
    cadre = _Cadre(categories, series, style, ecrire, min(valeurs, default=0), max(valeurs, default=0))
    for rang, serie in enumerate(series):
        cadre.ligne(serie.valeurs, style.couleur(rang, serie))
    return cadre.octets()


def couchees(categories: Sequence[str], valeurs: Sequence[int], style: Style, ecrire: Ecriture = str) -> bytes:
    """A lying bar for each category, its name at the left and its value at its end."""
    dessin = _Dessin(style)
    noms = LARGEUR * 0.42
    place = LARGEUR - noms - 3 * _MARGE - max((dessin.largeur(ecrire(v)) for v in valeurs), default=0)
    pas = (HAUTEUR - 2 * _MARGE) / max(1, len(categories))
    plus_grande = max(1, *valeurs) if valeurs else 1
    for rang, (nom, valeur) in enumerate(zip(categories, valeurs, strict=True)):
        milieu = HAUTEUR - _MARGE - (rang + 0.5) * pas
        epaisseur = min(pas * _PLEIN, 2 * _PAS)
        longueur = place * max(0, valeur) / plus_grande
        dessin.texte(noms, milieu, dessin.tenir(nom, noms - _MARGE), "end")
        dessin.rectangle(noms + _MARGE, milieu - epaisseur / 2, longueur, epaisseur, style.couleur(0))
        dessin.texte(noms + 2 * _MARGE + longueur, milieu, ecrire(valeur), "start")
    return dessin.octets()


class _Dessin:
    """Shapes in the colours of a style. The origin is the lower left corner."""

    def __init__(self, style: Style) -> None:
        from reportlab.graphics import shapes
        from reportlab.lib.colors import HexColor

        self._formes, self._hexa = shapes, HexColor
        self._dessin: Drawing = shapes.Drawing(LARGEUR, HAUTEUR)
        self.style = style

    def largeur(self, texte: str) -> float:
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(stringWidth(texte, _POLICE, _CORPS)) * _AMPLEUR

    def tenir(self, texte: str, place: float) -> str:
        """`texte`, cut with an ellipsis when it is wider than `place`."""
        if self.largeur(texte) <= place:
            return texte
        while texte and self.largeur(texte + "…") > place:
            texte = texte[:-1]
        return texte.rstrip() + "…"

    def texte(self, x: float, milieu: float, texte: str, ancre: str) -> None:
        """Anchored by whoever shows it (``start``, ``middle``, ``end``), with the width of its own font."""
        y = round(milieu - _CORPS * 0.35)
        encre = self._hexa(self.style.texte)
        forme = self._formes.String(x, y, texte, fontName=_POLICE, fontSize=_CORPS, fillColor=encre)
        forme._svgAttrs = {"text-anchor": ancre}
        self._dessin.add(forme)

    def rectangle(self, x: float, y: float, largeur: float, hauteur: float, couleur: str) -> None:
        if largeur > 0 and hauteur > 0:
            self._dessin.add(self._formes.Rect(x, y, largeur, hauteur, fillColor=self._hexa(couleur), strokeColor=None))

    def trait(self, de: Point, a: Point, couleur: str, epaisseur: float = 0.6) -> None:
        self._dessin.add(self._formes.Line(*de, *a, strokeColor=self._hexa(couleur), strokeWidth=epaisseur))

    def point(self, ou: Point, couleur: str) -> None:
        self._dessin.add(self._formes.Circle(*ou, _POINT, fillColor=self._hexa(couleur), strokeColor=None))

    def octets(self) -> bytes:
        from reportlab.graphics import renderSVG

        # A clip path is drawn as a black shape by Qt, which does not know it; nothing here needs to be clipped.
        svg: str = renderSVG.drawToString(self._dessin, useClip=True)
        return svg.encode("utf-8")


class _Cadre(_Dessin):
    """Axes, graduations, names of the categories and legend; then values placed between them."""

    def __init__(
        self, categories: Sequence[str], series: Sequence[Serie], style: Style, ecrire: Ecriture, bas: int, haut: int
    ) -> None:
        super().__init__(style)
        self._graduations = graduer(min(0, bas), max(0, haut))
        self._bas, self._haut = self._graduations[0], self._graduations[-1]
        self._x0 = 2 * _MARGE + max(self.largeur(ecrire(g)) for g in self._graduations)
        self._y0 = _MARGE + 1.5 * _PAS
        self._y1 = HAUTEUR - _MARGE - self._legende(series) - _PAS / 2
        self.pas = (LARGEUR - _MARGE - self._x0) / max(1, len(categories))
        self.groupe = min(self.pas * _PLEIN, _GROUPE_MAX)
        self._axes(ecrire)
        self._nommer(categories)

    def gauche(self, colonne: int) -> float:
        """Where the bars of a category begin."""
        return self._x0 + (colonne + 0.5) * self.pas - self.groupe / 2

    def _y(self, valeur: int) -> float:
        return self._y0 + (self._y1 - self._y0) * (valeur - self._bas) / (self._haut - self._bas)

    def barre(self, x: float, largeur: float, de: int, jusqu_a: int, couleur: str) -> None:
        """From one value to another."""
        pied, tete = sorted((self._y(de), self._y(jusqu_a)))
        self.rectangle(x, pied, largeur, tete - pied, couleur)

    def ligne(self, valeurs: Sequence[int | None], couleur: str) -> None:
        """Through the middle of each category, without those that have no value."""
        points = [self._milieu(colonne, valeur) for colonne, valeur in enumerate(valeurs)]
        for de, a in pairwise(points):
            if de and a:
                self.trait(de, a, couleur, 2.0)
        for point in points:
            if point:
                self.point(point, couleur)

    def _milieu(self, colonne: int, valeur: int | None) -> Point | None:
        return None if valeur is None else (self._x0 + (colonne + 0.5) * self.pas, self._y(valeur))

    def _legende(self, series: Sequence[Serie]) -> float:
        """Height of the names of the series, in as many rows as they need."""
        x, haut = _MARGE, HAUTEUR - _MARGE - _PAS / 2
        rangees = 1
        for rang, serie in enumerate(series):
            nom = self.tenir(serie.nom, LARGEUR / 2)
            largeur = _PAS + self.largeur(nom) + _PAS
            if x > _MARGE and x + largeur > LARGEUR:
                x, rangees = _MARGE, rangees + 1
            milieu = haut - (rangees - 1) * _PAS
            self.rectangle(x, milieu - _CORPS / 2, _CORPS, _CORPS, self.style.couleur(rang, serie))
            self.texte(x + _PAS, milieu, nom, "start")
            x += largeur
        return rangees * _PAS

    def _axes(self, ecrire: Ecriture) -> None:
        for graduation in self._graduations:
            y = self._y(graduation)
            couleur = self.style.texte if graduation == 0 else self.style.grille
            self.trait((self._x0, y), (LARGEUR - _MARGE, y), couleur)
            self.texte(self._x0 - _MARGE, y, ecrire(graduation), "end")

    def _nommer(self, categories: Sequence[str]) -> None:
        """One name in so many that the widest does not touch the next."""
        if not categories:
            return
        plus_large = max(self.largeur(nom) for nom in categories) + _MARGE
        saut = max(1, -int(-plus_large // self.pas))
        for colonne in range(0, len(categories), saut):
            nom = self.tenir(categories[colonne], saut * self.pas)
            self.texte(self._x0 + (colonne + 0.5) * self.pas, _MARGE + _PAS / 2, nom, "middle")


def graduer(bas: int, haut: int) -> list[int]:
    """Round graduations from at most `bas` to at least `haut`, a handful of them."""
    for pas in (chiffre * 10**puissance for puissance in count() for chiffre in (1, 2, 5)):
        debut, fin = bas // pas * pas, -(-haut // pas) * pas
        if fin - debut <= _GRADUATIONS * pas:
            break
    return list(range(debut, max(fin, debut + pas) + 1, pas))
