"""Several people on one card: which one is in front of us? One key answers."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QVBoxLayout, QWidget

from sesam_desktop.cartes.vitale import Beneficiaire, CarteVitale
from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import EntreeInvalide


class ChoixBeneficiaire(QDialog):
    """A list; digits jump to a name, Enter takes it."""

    def __init__(self, carte: CarteVitale, jour: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Pour qui ?")
        self.liste = QListWidget()
        self.liste.setAccessibleName("Bénéficiaires de la carte")
        for rang, beneficiaire in enumerate(carte.beneficiaires, 1):
            self.liste.addItem(f"{rang}   {presenter(beneficiaire, jour)}")
        self.liste.setCurrentRow(0)
        self.liste.itemActivated.connect(lambda _: self.accept())
        boutons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        boutons.addButton("&Facturer pour cette personne", QDialogButtonBox.ButtonRole.AcceptRole)
        boutons.accepted.connect(self.accept)
        boutons.rejected.connect(self.reject)
        etiquette = QLabel("&Plusieurs personnes sont inscrites sur cette carte. Pour qui facturez-vous ?")
        etiquette.setBuddy(self.liste)
        colonne = QVBoxLayout(self)
        for widget in (etiquette, self.liste, boutons):
            colonne.addWidget(widget)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 60)
        self.liste.setFocus()

    @property
    def rang(self) -> int:
        """Rank of the person chosen on the card, from 0."""
        return self.liste.currentRow()


def presenter(beneficiaire: Beneficiaire, jour: date) -> str:
    """Name, age and birth date."""
    nom = f"{beneficiaire.nom_usuel} {beneficiaire.prenom.title()}"
    if not beneficiaire.date_naissance:
        return f"{nom}  ·  date de naissance absente"
    naissance = dates.formater_naissance(beneficiaire.date_naissance)
    try:
        age = f"{dates.age(beneficiaire.date_naissance, jour)} ans, "
    except EntreeInvalide:
        age = ""
    return f"{nom}  ·  {age}né(e) le {naissance}"
