"""How the patient came to this doctor, in words: the indicator the invoice carries."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from sesam_desktop.referentiels import tables

from .etiquettes import etiquette_de

TABLE = "parcours"


class LigneParcours(QWidget):
    """`choisi` gives the code, empty while nothing was said."""

    choisi = Signal(str)

    def __init__(self, jour: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choix = QComboBox()
        self.choix.setAccessibleName("Parcours de soins")
        self.choix.addItem("À préciser", "")
        for ligne in tables.charger(TABLE).lignes(jour):
            self.choix.addItem(f"{ligne['code']}  {ligne['libelle']}", ligne["code"])
        self.choix.activated.connect(lambda _: self.choisi.emit(self.choix.currentData()))
        rangee = QHBoxLayout(self)
        rangee.setContentsMargins(0, 0, 0, 0)
        rangee.addWidget(etiquette_de("Par&cours", self.choix))
        rangee.addWidget(self.choix)
        rangee.addStretch(1)

    def montrer(self, code: str) -> None:
        """Show without telling."""
        self.choix.setCurrentIndex(max(0, self.choix.findData(code)))
