"""What waits of the terminals, in one table: visits, documents refused, invoices still out; or the sentence of none."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ..modeles.table import ModeleTable
from ..modeles.terminaux import LigneAttente, colonnes_attente
from .disposition import titrer
from .page_vide import PageVide
from .tableau import Tableau
from .texte import Texte

_RIEN = "Rien n'attend : les visites que les terminaux rapportent se montrent ici, pour être signées."


class AttenteTerminaux(QWidget):
    """`choisie`: the row chosen changed."""

    choisie = Signal()

    def __init__(self, reglages: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tableau = Tableau("visites", "Ce qui attend", ModeleTable(colonnes_attente()), reglages)
        self.tableau.choisie.connect(self._choisir)
        self.detail = Texte(lignes=2)
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._pile = QStackedWidget()
        self._pile.addWidget(PageVide(_RIEN))
        self._pile.addWidget(self.tableau)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(titrer("Ce qui atte&nd", self.tableau, self._pile), 1)
        colonne.addWidget(self.detail)

    @property
    def courante(self) -> LigneAttente | None:
        """The row chosen."""
        return self.tableau.courante

    @property
    def pretees(self) -> list[LigneAttente]:
        """Loans among the rows selected."""
        return [ligne for ligne in self.tableau.selection if ligne.pretee]

    def montrer(self, lignes: list[LigneAttente]) -> None:
        """Show `lignes`. A visit that seems billed already asks for a decision: it is chosen when none is."""
        self.tableau.remplacer(lignes, cle=lambda ligne: (ligne.empreinte, ligne.numero))
        if lignes and self.courante is None:
            self.tableau.aller(next((rang for rang, ligne in enumerate(lignes) if ligne.doublon), 0))
        self._pile.setCurrentIndex(1 if lignes else 0)
        self.detail.setVisible(bool(lignes))
        self._choisir(self.courante)

    def _choisir(self, ligne: LigneAttente | None) -> None:
        """The whole sentence of the row chosen: a column cuts it."""
        self.detail.setText(ligne.quoi if ligne is not None else "")
        self.choisie.emit()
