"""The tour: invoices kept to be signed, then the patients this professional treats."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from sesam_desktop.factures.facture import Facture, Patient

from ..atelier import Atelier
from ..composants.texte import Texte

_VALEUR = Qt.ItemDataRole.UserRole


class Tournee(QWidget):
    """`gardee` gives the identifier and the invoice to sign, `visite` the last invoice of a patient."""

    gardee = Signal(int, object)
    visite = Signal(object)

    def __init__(self, atelier: Atelier, titre: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self.liste = QListWidget()
        self.liste.setAccessibleName("Patients de la tournée")
        self.liste.setWordWrap(True)
        self.liste.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.liste.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.liste.setSpacing(round(self.fontMetrics().height() / 4))
        self.liste.itemActivated.connect(self._choisir)
        self.liste.itemClicked.connect(self._choisir)
        etiquette = Texte(titre, gras=True)
        etiquette.setBuddy(self.liste)
        self._vide = QLabel("Les patients déjà soignés se retrouvent ici. Le premier vient avec sa carte, ou par F2.",
                            wordWrap=True)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(etiquette)
        colonne.addWidget(self._vide)
        colonne.addWidget(self.liste, 1)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("MARTIN-DUPONT"))

    def rafraichir(self) -> None:
        """Ask again, by a worker."""
        self._atelier.taches.lancer(
            "base", lambda _: self._lire(), resultat=lambda lu: self._montrer(*lu), proprietaire=self,
            remplace="tournée",
        )

    def _lire(self) -> tuple[list[tuple[int, Facture]], list[Facture]]:
        from sesam_desktop.poste.tournee import dernieres_visites

        poste = self._atelier.poste
        return poste.facturation.brouillons(), dernieres_visites(poste)

    def _montrer(self, gardees: list[tuple[int, Facture]], visites: list[Facture]) -> None:
        ici = self.liste.currentRow()
        self.liste.clear()
        for identifiant, facture in gardees:
            self._ajouter(f"{nom(facture.beneficiaire)}\nà signer", (identifiant, facture))
        for facture in visites:
            self._ajouter(nom(facture.beneficiaire), facture)
        self.liste.setCurrentRow(max(0, ici) if self.liste.count() else -1)
        self._vide.setVisible(not self.liste.count())

    def _ajouter(self, texte: str, valeur: Any) -> None:
        element = QListWidgetItem(texte)
        element.setData(_VALEUR, valeur)
        self.liste.addItem(element)

    def _choisir(self, element: QListWidgetItem) -> None:
        valeur = element.data(_VALEUR)
        if isinstance(valeur, Facture):
            self.visite.emit(valeur)
        else:
            self.gardee.emit(*valeur)


def nom(patient: Patient) -> str:
    """As one calls them."""
    return f"{patient.nom} {patient.prenom.title()}".strip() or "Patient à choisir"
