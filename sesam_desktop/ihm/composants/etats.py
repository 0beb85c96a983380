"""The five words of a state, with the same icon and colour everywhere."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from .. import icones, teintes
from .etiquette import Etiquette
from .texte import Texte

ICONES = {
    "à faire": "a-faire", "en cours": "en-cours", "fait": "fait", "à corriger": "a-corriger", "bloqué": "bloque",
}


def icone_etat(mot: str) -> QIcon:
    """Icon of a state word, in its colour."""
    return icones.icone_de_liste(ICONES.get(mot, "information"), teintes.couleur_etat(mot))


class MotEtat(QWidget):
    """Icon then word, in the colour of the state. `entier`: on several lines rather than shortened.

    `lettres`: those that a shortened one keeps.
    """

    def __init__(self, *, entier: bool = False, facteur: float = 1.0, lettres: int = 9,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dessin: QLabel = QLabel()
        self._texte: QLabel = Texte(facteur=facteur, lignes=1) if entier else Etiquette(lettres=lettres)
        rangee = QHBoxLayout(self)
        rangee.setContentsMargins(0, 0, 0, 0)
        rangee.addWidget(self._dessin, 0, Qt.AlignmentFlag.AlignTop if entier else Qt.AlignmentFlag.AlignVCenter)
        rangee.addWidget(self._texte, 1)
        self._etat = ("à faire", "")

    def montrer(self, mot: str, texte: str = "") -> None:
        """Show the state `mot`, in the words `texte`."""
        self._etat = (mot, texte)
        couleur = teintes.couleur_etat(mot)
        self._dessin.setPixmap(icones.dessin(ICONES[mot], couleur))
        self._ecrire(texte or mot)
        palette = self._texte.palette()
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):  # on a window, or on a base
            palette.setColor(role, couleur)
        self._texte.setPalette(palette)
        self.setAccessibleName(f"{mot} : {texte}" if texte else mot)

    def _ecrire(self, texte: str) -> None:
        if isinstance(self._texte, Etiquette):
            self._texte.ecrire(texte)
        else:
            self._texte.setText(texte)

    def changeEvent(self, evenement) -> None:
        if evenement.type() == evenement.Type.PaletteChange:
            self.montrer(*self._etat)
        super().changeEvent(evenement)
