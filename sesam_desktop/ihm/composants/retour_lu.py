"""A return as received at the left; at the right what each entity says, then the invoices it touches."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QTextCharFormat, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QTextEdit, QVBoxLayout, QWidget

from ..atelier import Atelier
from ..modeles.retours import EntiteLue, RetourOuvert, colonnes_entites, colonnes_lecture
from ..modeles.table import ModeleTable
from .disposition import titrer
from .tableau import Tableau
from .texte import Texte, police_de_code


class RetourLu(QWidget):
    """The entity chosen is shown in the text and said whole; Enter on an invoice opens it in Factures."""

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.titre = Texte(facteur=1.15, gras=True)
        self.recu = QPlainTextEdit(readOnly=True)
        self.recu.setAccessibleName("Retour tel que reçu")
        self.recu.setFont(police_de_code())
        self.recu.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.recu.setTabChangesFocus(True)
        self.entites = Tableau("entites", "Lecture en français", ModeleTable(colonnes_entites()), atelier.reglages,
                               triable=False)
        self.entites.choisie.connect(self._surligner)
        self.lu = Tableau("retour", "Factures du retour", ModeleTable(colonnes_lecture()), atelier.reglages)
        for tableau in (self.entites, self.lu):
            tableau.ouverte.connect(lambda r: atelier.demander("factures", r.facture) if r.facture else None)
        self._disposer()

    def montrer(self, retour: RetourOuvert) -> None:
        """Show one return."""
        self.titre.setText(retour.titre)
        self._gauche.setText(retour.gauche)
        self._droite.setText(retour.droite)
        self.recu.setExtraSelections([])
        self.recu.setPlainText(retour.recu)
        self.entites.remplacer(list(retour.entites))
        self._lecture.setVisible(bool(retour.entites))
        self.lu.remplacer(list(retour.lignes))
        self.lu.aller(0)
        self.setFocusProxy(self.entites if retour.entites else self.lu)

    def _surligner(self, entite: EntiteLue | None) -> None:
        """The line of the entity, in the colours of a selection, brought into sight."""
        self.recu.setExtraSelections([])
        self.phrase.setText(entite.phrase if entite is not None else "")
        if entite is None:
            return
        curseur = self.recu.textCursor()
        curseur.setPosition(self.recu.document().findBlockByNumber(entite.rang).position())
        self.recu.setTextCursor(curseur)
        self.recu.centerCursor()
        forme = QTextCharFormat()
        forme.setBackground(self.palette().brush(QPalette.ColorRole.Highlight))
        forme.setForeground(self.palette().brush(QPalette.ColorRole.HighlightedText))
        forme.setProperty(QTextFormat.Property.FullWidthSelection, True)
        ligne = QTextEdit.ExtraSelection()
        ligne.format, ligne.cursor = forme, curseur
        self.recu.setExtraSelections([ligne])

    def _disposer(self) -> None:
        self._gauche, self._droite = Texte(gras=True), Texte(gras=True)
        lecture = QWidget()
        self.phrase = Texte(lignes=2)
        self.phrase.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        dedans = QVBoxLayout(lecture)
        dedans.setContentsMargins(0, 0, 0, 0)
        dedans.addWidget(self.entites, 1)
        dedans.addWidget(self.phrase)
        self._lecture = titrer("Lecture en &français", self.entites, lecture)
        droite = QSplitter(Qt.Orientation.Vertical)
        droite.addWidget(self._lecture)
        droite.addWidget(_cadre(self._droite, self.lu))
        droite.setStretchFactor(0, 3)
        droite.setStretchFactor(1, 2)
        partage = QSplitter(Qt.Orientation.Horizontal)
        partage.addWidget(_cadre(self._gauche, self.recu))
        partage.addWidget(droite)
        partage.setStretchFactor(0, 2)
        partage.setStretchFactor(1, 3)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.titre)
        colonne.addWidget(partage, 1)


def _cadre(titre: Texte, widget: QWidget) -> QWidget:
    titre.setBuddy(widget)
    cadre = QWidget()
    colonne = QVBoxLayout(cadre)
    colonne.setContentsMargins(0, 0, 0, 0)
    colonne.addWidget(titre)
    colonne.addWidget(widget, 1)
    return cadre
