"""A return as received at the left, as read at the right, with the invoices it touches."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from ..atelier import Atelier
from ..modeles.table import ModeleTable
from ..modeles.teletransmission import RetourOuvert, colonnes_lecture
from .tableau import Tableau
from .texte import Texte, police_de_code


class RetourLu(QWidget):
    """Enter on an invoice of the reading opens it in Factures."""

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.titre = Texte(facteur=1.15, gras=True)
        self.recu = QPlainTextEdit(readOnly=True)
        self.recu.setAccessibleName("Retour tel que reçu")
        self.recu.setFont(police_de_code())
        self.recu.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.recu.setTabChangesFocus(True)
        self.lu = Tableau("retour", "Retour tel que lu", ModeleTable(colonnes_lecture()), atelier.reglages)
        self.lu.ouverte.connect(lambda r: atelier.demander("factures", r.facture) if r.facture else None)
        partage = QSplitter(Qt.Orientation.Horizontal)
        self._gauche, self._droite = Texte(gras=True), Texte(gras=True)
        for titre, widget in ((self._gauche, self.recu), (self._droite, self.lu)):
            titre.setBuddy(widget)
            partage.addWidget(_cadre(titre, widget))
        partage.setStretchFactor(0, 2)
        partage.setStretchFactor(1, 3)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.titre)
        colonne.addWidget(partage, 1)
        self.setFocusProxy(self.lu)

    def montrer(self, retour: RetourOuvert) -> None:
        """Show one return."""
        self.titre.setText(retour.titre)
        self._gauche.setText(retour.gauche)
        self._droite.setText(retour.droite)
        self.recu.setPlainText(retour.recu)
        self.lu.remplacer(list(retour.lignes))
        self.lu.aller(0)


def _cadre(titre: Texte, widget: QWidget) -> QWidget:
    cadre = QWidget()
    colonne = QVBoxLayout(cadre)
    colonne.setContentsMargins(0, 0, 0, 0)
    colonne.addWidget(titre)
    colonne.addWidget(widget, 1)
    return cadre
