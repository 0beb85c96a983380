"""Icons: one set of SVG drawings in one weight, coloured from the palette, coloured again when the palette changes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, QObject, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from sesam_desktop.noyau.ressources import ressource

_posees: WeakKeyDictionary[QObject, tuple[str, QPalette.ColorRole]] = WeakKeyDictionary()


@lru_cache(maxsize=64)
def _source(nom: str) -> str:
    return ressource("icones", f"{nom}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _dessin(nom: str, couleur: str, cote: int) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    image = QPixmap(cote, cote)
    image.fill(Qt.GlobalColor.transparent)
    rendu = QSvgRenderer(QByteArray(_source(nom).replace("currentColor", couleur).encode()))
    with QPainter(image) as peintre:
        rendu.render(peintre)
    return image


def cote_icone() -> int:
    """Side of an icon beside text: a little more than the height of the font."""
    return round(QFontMetrics(QApplication.font()).height() * 1.15)


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
    image = QPixmap(_dessin(nom, couleur.name(), round((cote or cote_icone()) * echelle)))
    image.setDevicePixelRatio(echelle)
    return image


def poser(cible: Any, nom: str, role: QPalette.ColorRole = QPalette.ColorRole.WindowText) -> None:
    """Give `cible` (anything with ``setIcon``) the icon `nom`, kept in tune with the palette."""
    _posees[cible] = (nom, role)
    cible.setIcon(icone(nom, QGuiApplication.palette().color(role)))


def recolorer() -> None:
    """Draw every placed icon again: the system went from light to dark, or back."""
    for cible, (nom, role) in list(_posees.items()):
        if isValid(cible):
            poser(cible, nom, role)
