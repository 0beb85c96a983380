"""A few figures read at one metre, each over its name and what it is counted on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ..modeles.indicateurs import Chiffre
from .texte import Texte

_COLONNES = 3


class ChiffresCles(QWidget):
    """As many figures as given, three a row; the same widgets are filled again."""

    def __init__(self, nombre: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Chiffres de la période")
        grille = QGridLayout(self)
        grille.setContentsMargins(0, 0, 0, 0)
        grille.setHorizontalSpacing(self.fontMetrics().height() * 2)
        self._cases = [(_valeur(), Texte(lignes=1), QLabel(wordWrap=True)) for _ in range(nombre)]
        for rang, (valeur, nom, precision) in enumerate(self._cases):
            ligne, colonne = rang // _COLONNES * 2, rang % _COLONNES * 2
            grille.addWidget(valeur, ligne, colonne, 2, 1)
            grille.addWidget(nom, ligne, colonne + 1)
            grille.addWidget(precision, ligne + 1, colonne + 1)
            grille.setColumnStretch(colonne + 1, 1)

    def montrer(self, chiffres: Sequence[Chiffre]) -> None:
        """Show these, in their order."""
        for (valeur, nom, precision), chiffre in zip(self._cases, chiffres, strict=True):
            valeur.setText(chiffre.valeur)
            valeur.setAccessibleName(f"{chiffre.nom} : {chiffre.valeur}, {chiffre.precision}")
            nom.setText(chiffre.nom)
            precision.setText(chiffre.precision)


def _valeur() -> Texte:
    return Texte("–", facteur=1.7, gras=True, reserve="100 %", a_droite=True)
