"""The contract a demand to an insurer was made under, to be corrected."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from sesam_desktop.factures.facture import OrganismeAmc

_CHAMPS = (
    ("numero", "N° de la &complémentaire", "[0-9A-Za-z]{1,10}"),
    ("adherent", "N° d'&adhérent", "[ -~]{0,15}"),
    ("formule", "&Formule (vide : celle de la convention)", "[0-9A-Za-z_]{0,20}"),
)


class Rectification(QDialog):
    """`contrat` is what is asked now; the button waits until something differs."""

    def __init__(self, numero: str, ancien: OrganismeAmc, parent: QWidget) -> None:
        super().__init__(parent)
        self._ancien = ancien
        self.setWindowTitle("Rectifier la demande")
        self.champs: dict[str, QLineEdit] = {}
        boutons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.faire = boutons.addButton(f"&Rectifier la demande {numero}", QDialogButtonBox.ButtonRole.AcceptRole)
        boutons.accepted.connect(self.accept)
        boutons.rejected.connect(self.reject)
        phrase = QLabel("Les mêmes soins seront demandés sous ce contrat, dans le prochain lot.", wordWrap=True)
        colonne = QVBoxLayout(self)
        colonne.addWidget(phrase)
        colonne.addLayout(self._formulaire())
        colonne.addWidget(boutons)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 60)
        self._changer()

    def contrat(self) -> OrganismeAmc:
        """The old one with what was typed."""
        numero, adherent, formule = (champ.text().strip().upper() for champ in self.champs.values())
        return replace(self._ancien, numero=numero, adherent=adherent, formule=formule)

    def _formulaire(self) -> QFormLayout:
        formulaire = QFormLayout()
        for cle, titre, motif in _CHAMPS:
            champ = QLineEdit(getattr(self._ancien, cle))
            champ.setValidator(QRegularExpressionValidator(QRegularExpression(motif), champ))
            champ.setAccessibleName(titre.replace("&", ""))
            champ.textChanged.connect(self._changer)
            formulaire.addRow(titre, champ)
            self.champs[cle] = champ
        return formulaire

    def _changer(self) -> None:
        juste = all(champ.hasAcceptableInput() for champ in self.champs.values())
        self.faire.setEnabled(juste and self.contrat() != self._ancien)
