"""A return as received at the left, as read at the right, with the invoices it touches."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from ..atelier import Atelier
from ..modeles.table import ModeleTable
from ..modeles.teletransmission import RetourOuvert, colonnes_lecture
from .tableau import Tableau


class RetourLu(QWidget):
    """Enter on an invoice of the reading opens it in Factures."""

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.titre = QLabel()
        self.recu = QPlainTextEdit(readOnly=True)
        self.recu.setAccessibleName("Retour tel que reçu")
        self.recu.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.recu.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.recu.setTabChangesFocus(True)
        self.lu = Tableau("retour", "Retour tel que lu", ModeleTable(colonnes_lecture()), atelier.reglages)
        self.lu.ouverte.connect(lambda r: atelier.demander("factures", r.facture) if r.facture else None)
        partage = QSplitter(Qt.Orientation.Horizontal)
        for titre, widget in (("Tel que &reçu", self.recu), ("Tel que &lu", self.lu)):
            partage.addWidget(_cadre(titre, widget))
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.titre)
        colonne.addWidget(partage, 1)
        self.setFocusProxy(self.lu)

    def montrer(self, retour: RetourOuvert) -> None:
        """Show one return."""
        self.titre.setText(retour.titre)
        self.recu.setPlainText(retour.recu)
        self.lu.remplacer(list(retour.lignes))
        self.lu.aller(0)


def _cadre(titre: str, widget: QWidget) -> QWidget:
    cadre = QWidget()
    etiquette = QLabel(titre)
    etiquette.setBuddy(widget)
    colonne = QVBoxLayout(cadre)
    colonne.setContentsMargins(0, 0, 0, 0)
    colonne.addWidget(etiquette)
    colonne.addWidget(widget, 1)
    return cadre
