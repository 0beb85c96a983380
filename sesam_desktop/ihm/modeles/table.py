"""A table model over plain values: a list of rows and declared columns. No widget, no business."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sesam_desktop.noyau import montants

from ..composants.etats import icone_etat
from ..composants.texte import police_de_code
from ..teintes import couleur_etat

TRI = Qt.ItemDataRole.UserRole
Indice = QModelIndex | QPersistentModelIndex
A_DROITE = ("montant", "nombre")
CHIFFRES = (*A_DROITE, "date")     # as wide as their digits


@dataclass(frozen=True)
class Colonne:
    """One column. `genre`: texte, montant, nombre, date, code or etat (a state word, shown with icon and colour)."""

    cle: str
    titre: str
    texte: Callable[[Any], str]
    genre: str = "texte"
    largeur: int = 12                                # in characters
    tri: Callable[[Any], Any] | None = None          # sort value, the text by default
    visible: bool = True
    bulle: Callable[[Any], str] | None = None
    accessoire: bool = False                         # gives way when the table is narrow

    @property
    def alignement(self) -> Qt.AlignmentFlag:
        """Right for amounts and numbers, left for the rest."""
        cote = Qt.AlignmentFlag.AlignRight if self.genre in A_DROITE else Qt.AlignmentFlag.AlignLeft
        return cote | Qt.AlignmentFlag.AlignVCenter


def argent(cle: str, titre: str, lire: Callable[[Any], int], largeur: int = 9) -> Colonne:
    """A column of amounts, in centimes."""
    return Colonne(cle, titre, lambda rangee: montants.formater(lire(rangee)), "montant", largeur, tri=lire)


class ModeleTable(QAbstractTableModel):
    """Rows of any type shown through `colonnes`."""

    def __init__(self, colonnes: Sequence[Colonne], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.colonnes = list(colonnes)
        self._rangees: list[Any] = []

    @property
    def rangees(self) -> list[Any]:
        """The values shown."""
        return self._rangees

    def remplacer(self, rangees: Sequence[Any]) -> None:
        """Show `rangees` instead."""
        self.beginResetModel()
        self._rangees = list(rangees)
        self.endResetModel()

    def rowCount(self, parent: Indice = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rangees)

    def columnCount(self, parent: Indice = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.colonnes)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.colonnes):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.colonnes[section].titre
        return self.colonnes[section].alignement if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, indice: Indice, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not indice.isValid():
            return None
        colonne, rangee = self.colonnes[indice.column()], self._rangees[indice.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return colonne.texte(rangee)
        if role == TRI:
            return colonne.tri(rangee) if colonne.tri else colonne.texte(rangee).casefold()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return colonne.alignement
        return self._apparence(colonne, rangee, role)

    def _apparence(self, colonne: Colonne, rangee: Any, role: int) -> Any:
        if role == Qt.ItemDataRole.FontRole and colonne.genre == "code":
            return police_de_code()
        if role == Qt.ItemDataRole.ToolTipRole:
            return (colonne.bulle or colonne.texte)(rangee) if colonne.bulle or colonne.genre == "texte" else None
        if colonne.genre == "etat" and role == Qt.ItemDataRole.DecorationRole:
            mot = colonne.texte(rangee)
            return icone_etat(mot) if mot else None
        if colonne.genre == "etat" and role == Qt.ItemDataRole.ForegroundRole:
            return couleur_etat(colonne.texte(rangee))
        return None
