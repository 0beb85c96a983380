"""F6: the fields of one line, under the table. Each change goes to the invoice at once; Escape closes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.noyau import montants
from sesam_desktop.noyau.erreurs import EntreeInvalide

from .. import teintes


class EditeurLigne(QFrame):
    """Quantity, asked price, excess charge, ALD. A wrong amount stays in its field and says so."""

    change = Signal(int, dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("Ligne à modifier")
        self._rang = -1
        self.quantite = QSpinBox(minimum=1, maximum=999)
        self.prix = QLineEdit(placeholderText="prix public")
        self.depassement = QLineEdit(placeholderText="0,00")
        self.ald = QCheckBox("En rapport avec l'&ALD")
        self.motif = QLabel()
        self._disposer()
        self.quantite.valueChanged.connect(lambda n: self._dire(quantite=n))
        self.prix.editingFinished.connect(self._prix)
        self.depassement.editingFinished.connect(self._depassement)
        self.ald.toggled.connect(lambda oui: self._dire(ald=oui))
        self.hide()

    def ouvrir(self, rang: int, ligne: LigneSaisie) -> None:
        """Show the fields of line `rang`."""
        self._rang = -1
        self.quantite.setValue(ligne.quantite)
        self.prix.setText(montants.formater(ligne.prix_centimes) if ligne.prix_centimes is not None else "")
        self.depassement.setText(montants.formater(ligne.depassement_centimes) if ligne.depassement_centimes else "")
        self.ald.setChecked(ligne.ald)
        self.motif.clear()
        self._rang = rang
        self.show()
        self.quantite.setFocus()
        self.quantite.selectAll()

    def _disposer(self) -> None:
        rangee = QHBoxLayout(self)
        champs = (("Qua&ntité", self.quantite), ("Pri&x unitaire (€)", self.prix),
                  ("&Dépassement (€)", self.depassement))
        for titre, champ in champs:
            etiquette = QLabel(titre)
            etiquette.setBuddy(champ)
            champ.setAccessibleName(titre.replace("&", ""))
            rangee.addWidget(etiquette)
            rangee.addWidget(champ)
        rangee.addWidget(self.ald)
        rangee.addWidget(self.motif, 1)
        palette = self.motif.palette()
        palette.setColor(self.motif.foregroundRole(), teintes.couleur_etat("erreur"))
        self.motif.setPalette(palette)

    def _prix(self) -> None:
        self._montant(self.prix, lambda centimes: {"prix_centimes": centimes})

    def _depassement(self) -> None:
        self._montant(self.depassement, lambda centimes: {"depassement_centimes": centimes or 0})

    def _montant(self, champ: QLineEdit, champs: Any) -> None:
        texte = champ.text().strip()
        try:
            centimes = montants.lire_montant(texte) if texte else None
        except EntreeInvalide as erreur:
            self.motif.setText(erreur.phrase())
            return
        self.motif.clear()
        self._dire(**champs(centimes))

    def _dire(self, **champs: Any) -> None:
        if self._rang >= 0:
            self.change.emit(self._rang, champs)
