"""Small gestures of layout: emptied without a flash, a title over what it names."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from .texte import Texte


def vider(disposition: QLayout) -> None:
    """Remove the widgets of a layout, hidden at once so that nothing is painted twice."""
    while (element := disposition.takeAt(0)) is not None:
        if (widget := element.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def titrer(titre: str, ami: QWidget, contenu: QWidget | None = None) -> QWidget:
    """`ami` under its title, which leads to it; inside `contenu` when it is not alone there."""
    etiquette, cadre = Texte(titre, gras=True), QWidget()
    etiquette.setBuddy(ami)
    colonne = QVBoxLayout(cadre)
    colonne.setContentsMargins(0, 0, 0, 0)
    colonne.addWidget(etiquette)
    colonne.addWidget(ami if contenu is None else contenu, 1)
    return cadre
