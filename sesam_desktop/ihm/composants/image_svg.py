"""A drawing made by the editions, as large as its place allows, never deformed."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class ImageSvg(QWidget):
    """Its accessible name says what it shows; the figures themselves stand in a table beside."""

    def __init__(self, nom: str, *, lignes: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from PySide6.QtSvg import QSvgRenderer

        self._rendu, self._lignes = QSvgRenderer(self), lignes
        self.setAccessibleName(nom)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def montrer(self, svg: bytes) -> None:
        """Show this drawing; empty bytes show nothing."""
        self._rendu.load(QByteArray(svg))
        self.update()

    def sizeHint(self) -> QSize:
        hauteur = self.fontMetrics().height() * self._lignes
        return QSize(hauteur * 2, hauteur)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() / 2

    def paintEvent(self, _evenement: QPaintEvent) -> None:
        if not self._rendu.isValid():
            return
        taille = self._rendu.defaultSize().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        gauche, haut = (self.width() - taille.width()) / 2, (self.height() - taille.height()) / 2
        with QPainter(self) as peintre:
            self._rendu.render(peintre, QRectF(gauche, haut, taille.width(), taille.height()))
