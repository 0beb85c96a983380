"""Icons: one set of SVG drawings in one weight, coloured from the palette, coloured again when the palette changes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, QObject, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from sesam_desktop.noyau.ressources import ressource

_premiere_image = False  # until the first paint: room is kept for the drawings, made right after it
_posees: WeakKeyDictionary[QObject, tuple[str, QPalette.ColorRole]] = WeakKeyDictionary()


@lru_cache(maxsize=64)
def _source(nom: str) -> str:
    return ressource("icones", f"{nom}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _dessin(nom: str, couleur: str, cote: int) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    image = QPixmap(_blanc(cote))
    rendu = QSvgRenderer(QByteArray(_source(nom).replace("currentColor", couleur).encode()))
    with QPainter(image) as peintre:
        rendu.render(peintre)
    return image


@lru_cache(maxsize=4)
def _blanc(cote: int) -> QPixmap:
    image = QPixmap(cote, cote)
    image.fill(Qt.GlobalColor.transparent)
    return image


@lru_cache(maxsize=16)
def _cote(police: str) -> int:
    fonte = QFont()
    fonte.fromString(police)
    return round(QFontMetrics(fonte).height() * 1.15)


def cote_icone() -> int:
    """Side of an icon beside text: a little more than the height of the font."""
    return _cote(QApplication.font().key())


def taille_icone() -> QSize:
    """`cote_icone` as a size."""
    return QSize(cote_icone(), cote_icone())


def icone(nom: str, couleur: QColor | None = None) -> QIcon:
    """The icon `nom` in `couleur` (text colour by default), sharp at any screen scale."""
    teinte = couleur or QGuiApplication.palette().color(QPalette.ColorRole.WindowText)
    return QIcon(dessin(nom, teinte))


def icone_de_liste(nom: str, couleur: QColor) -> QIcon:
    """For rows that may be selected: drawn in the colour of selected text then."""
    image = icone(nom, couleur)
    choisie = QGuiApplication.palette().color(QPalette.ColorRole.HighlightedText)
    image.addPixmap(dessin(nom, choisie), QIcon.Mode.Selected)
    return image


def dessin(nom: str, couleur: QColor, cote: int = 0) -> QPixmap:
    """The drawing as a pixmap `cote` wide (an icon beside text by default) at the screen's own density."""
    echelle = QGuiApplication.primaryScreen().devicePixelRatio()
    pixels = round((cote or cote_icone()) * echelle)
    image = _blanc(pixels) if _premiere_image else QPixmap(_dessin(nom, couleur.name(), pixels))
    image.setDevicePixelRatio(echelle)
    return image


def attendre() -> None:
    """From now on keep room only: the window is about to be painted for the first time."""
    global _premiere_image  # noqa: PLW0603 - one application, one start
    _premiere_image = True


def dessiner() -> None:
    """The window is on screen: draw what waits."""
    global _premiere_image  # noqa: PLW0603
    _premiere_image = False
    recolorer()


def poser(cible: Any, nom: str, role: QPalette.ColorRole = QPalette.ColorRole.WindowText) -> None:
    """Give `cible` (a button, an action) the icon `nom`, kept in tune with the palette and the font."""
    _posees[cible] = (nom, role)
    cible.setIcon(icone(nom, QGuiApplication.palette().color(role)))
    if hasattr(cible, "setIconSize"):
        cible.setIconSize(taille_icone())


def recolorer() -> None:
    """Draw every placed icon again: another palette, or another size of text."""
    for cible, (nom, role) in list(_posees.items()):
        if isValid(cible):
            poser(cible, nom, role)
