"""One column of cards: a title with its count, a list one walks with arrows, a sentence when it is empty."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from .. import icones
from ..modeles.teletransmission import Fiche
from .etats import icone_etat
from .texte import Texte

_COUPE = "@\u200b"     # an address may go on the next line
_SANS_FIN = 100_000    # higher than any card
_FICHE = Qt.ItemDataRole.UserRole


class ColonneFiches(QWidget):
    """`ouverte` gives the card activated (Enter, double click), `choisie` the one under the arrows."""

    ouverte = Signal(object)
    choisie = Signal(object)     # the current card, None without

    def __init__(self, titre: str, vide: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titre_simple = titre.replace("&", "")
        self._titre_brut = titre
        self.liste = QListWidget()
        self.liste.setAccessibleName(self._titre_simple)
        self.liste.setWordWrap(True)
        self.liste.setResizeMode(QListWidget.ResizeMode.Adjust)     # cards are laid again in another width
        self.liste.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.liste.setIconSize(icones.taille_icone())
        self.liste.setItemDelegate(_Hauteur(self.liste))
        self.liste.setSpacing(round(self.fontMetrics().height() / 4))
        self.liste.itemActivated.connect(lambda element: self.ouverte.emit(element.data(_FICHE)))
        self.liste.currentItemChanged.connect(lambda element, _: self.choisie.emit(_fiche(element)))
        self._titre = Texte(gras=True)
        self._titre.setBuddy(self.liste)
        sans_rien = QLabel(vide, wordWrap=True)
        sans_rien.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sans_rien.setFrameShape(QLabel.Shape.StyledPanel)
        sans_rien.setMargin(self.fontMetrics().height())
        sans_rien.setBackgroundRole(QPalette.ColorRole.Base)
        sans_rien.setAutoFillBackground(True)
        self._pile = QStackedWidget()
        self._pile.addWidget(self.liste)
        self._pile.addWidget(sans_rien)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self._titre)
        colonne.addWidget(self._pile, 1)
        self.montrer([])

    def montrer(self, fiches: list[Fiche]) -> None:
        """Show `fiches` in their order."""
        ici = self.liste.currentRow()
        self.liste.clear()
        for fiche in fiches:
            element = QListWidgetItem(icone_etat(fiche.etat), fiche.texte.replace("@", _COUPE))
            element.setData(_FICHE, fiche)
            element.setData(Qt.ItemDataRole.AccessibleTextRole, f"{fiche.etat}, {fiche.titre}, {fiche.detail}")
            self.liste.addItem(element)
        self._titre.setText(f"{self._titre_brut}  {len(fiches)}" if fiches else self._titre_brut)
        self._pile.setCurrentIndex(0 if fiches else 1)
        if fiches and ici >= 0:
            self.liste.setCurrentRow(min(ici, len(fiches) - 1))


class _Hauteur(QStyledItemDelegate):
    """As high as its text wrapped in the width there is: Qt's own forgets the scroll bar, and cuts the last line."""

    def __init__(self, liste: QListWidget) -> None:
        super().__init__(liste)
        self._liste = liste

    def sizeHint(self, option: QStyleOptionViewItem, indice: QModelIndex | QPersistentModelIndex) -> QSize:
        marge = self._liste.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1
        icone = self._liste.iconSize()
        largeur = self._liste.viewport().width() - 2 * self._liste.spacing()
        place = QRect(0, 0, largeur - icone.width() - 5 * marge, _SANS_FIN)
        texte = option.fontMetrics.boundingRect(
            place, Qt.TextFlag.TextWordWrap, str(indice.data()))
        return QSize(largeur, max(texte.height(), icone.height()) + 2 * marge)


def _fiche(element: QListWidgetItem | None) -> Fiche | None:
    return element.data(_FICHE) if element is not None else None
