"""The list of pages on the left, with the counts that want action."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QToolButton, QVBoxLayout, QWidget

from .. import icones
from .texte import Texte

_CHIFFRES = 10
_MOTS = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_DESSINS = Qt.ToolButtonStyle.ToolButtonIconOnly


def touche_de(rang: int) -> str:
    """Key of the `rang`-th page, from 0: the row of digits, from 1 to 0; then F11 and what follows."""
    return f"Alt+{(rang + 1) % 10}" if rang < _CHIFFRES else f"Alt+F{rang + 1}"


class Navigation(QFrame):
    """One button a page: Alt+1…Alt+0, then Alt+F11, Alt+F12; letters are left to the pages.

    `compter` puts a number beside.
    """

    demandee = Signal(str)

    def __init__(self, pages: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Pages")
        self._groupe = QButtonGroup(self)
        self._groupe.setExclusive(True)
        self._boutons: dict[str, QToolButton] = {}
        self._comptes: dict[str, Texte] = {}
        grille = QGridLayout()
        grille.setVerticalSpacing(0)
        for rang, (cle, titre) in enumerate(pages):
            self._ajouter(grille, rang, cle, titre)
        self._colonne = QVBoxLayout(self)
        self._colonne.addLayout(grille)
        self._colonne.addStretch(1)

    def choisir(self, cle: str) -> None:
        """Show `cle` as the current page."""
        self._boutons[cle].setChecked(True)

    def proposer(self, cle: str, utile: bool) -> None:
        """Show the button of this page, or leave its key alone."""
        self._boutons[cle].setVisible(utile)
        self._comptes[cle].setVisible(utile)

    def minimumSizeHint(self) -> QSize:
        """That of the icons and the counts, even while the names are shown: a narrow window hides them."""
        marges = self._colonne.contentsMargins()
        compte = next(iter(self._comptes.values())).minimumSizeHint().width()
        icone = icones.cote_icone() * 2
        return QSize(marges.left() + icone + compte + marges.right(), super().minimumSizeHint().height())

    def serrer(self, serree: bool) -> None:
        """Icons only when room is short; the names stay in the tooltips."""
        for bouton in self._boutons.values():
            bouton.setToolButtonStyle(_DESSINS if serree else _MOTS)

    def compter(self, comptes: dict[str, int]) -> None:
        """Numbers that want action, by page; zero is not written."""
        for cle, etiquette in self._comptes.items():
            nombre = comptes.get(cle, 0)
            etiquette.setText(str(nombre) if nombre else "")
            titre = self._boutons[cle].text()
            self._boutons[cle].setAccessibleName(f"{titre}, {nombre} à traiter" if nombre else titre)

    def _ajouter(self, grille: QGridLayout, rang: int, cle: str, titre: str) -> None:
        bouton = QToolButton(autoRaise=True)
        bouton.setText(titre)
        bouton.setCheckable(True)
        bouton.setToolButtonStyle(_MOTS)
        bouton.setSizePolicy(bouton.sizePolicy().Policy.Expanding, bouton.sizePolicy().Policy.Fixed)
        bouton.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        bouton.setMinimumHeight(round(bouton.fontMetrics().height() * 2.1))
        touche = touche_de(rang)
        bouton.setToolTip(f"{titre}  {touche}")
        bouton.setAccessibleName(titre)
        bouton.setAccessibleDescription(touche)
        icones.poser(bouton, cle)
        bouton.clicked.connect(lambda: self.demandee.emit(cle))
        raccourci = QShortcut(QKeySequence(touche), self)
        raccourci.activated.connect(lambda: self.demandee.emit(cle))
        compte = Texte(gras=True, reserve="99", a_droite=True)
        self._groupe.addButton(bouton)
        self._boutons[cle], self._comptes[cle] = bouton, compte
        grille.addWidget(bouton, rang, 0)
        grille.addWidget(compte, rang, 1)
