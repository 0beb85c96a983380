"""Where and when the care takes place: at home or not, kilometres, hour and the supplement it calls for, proposed.

No latest date on the field: typing 30/10 on the 22nd of November would be corrected into another date on the way. The
controls refuse care in the future.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QDate, QDateTime, QTime, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox, QWidget

from sesam_desktop.factures.facture import Facture

from ..atelier import Atelier
from ..composants.champ_date import ChampInstant
from . import horaires
from .etiquettes import etiquette_de

_MAJORES = ("infirmier",)     # the hour alone calls for the supplement; others bill it for an emergency only
_SOUS_UN_TOIT = ("infirmier", "masseur_kinesitherapeute", "orthophoniste", "pedicure")  # bill a family one travel


class Visite(QWidget):
    """`change` gives the fields that every act of the visit takes."""

    change = Signal(dict)

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self.instant = ChampInstant()
        self.maintenant()
        self.instant.setAccessibleName("Date et heure des soins")
        self.domicile = QCheckBox("À do&micile")
        self.km = QSpinBox()
        self.km.setRange(0, 299)
        self.km.setSuffix(" km")
        self.km.setAccessibleName("Kilomètres à l'aller et retour")
        self.partage = QCheckBox("Même to&it")
        self.partage.setAccessibleName("Même toit que le patient précédent")
        self.partage.setToolTip(
            "Même toit que le patient précédent : le déplacement est facturé à cet autre patient, du foyer ou de "
            "l'établissement."
        )
        self.partage.setVisible(atelier.poste.configuration.profession in _SOUS_UN_TOIT)
        self.majoration = QCheckBox()
        self.majoration.setChecked(atelier.poste.configuration.profession in _MAJORES)
        self.majoration.setAccessibleName("Majoration d'horaire")
        self._disposer()
        self.champs()
        self.instant.inexistante.connect(lambda phrase: atelier.avis.emit("erreur", phrase))
        self.instant.dateTimeChanged.connect(lambda _: self.annoncer())
        self.domicile.toggled.connect(lambda _: self.annoncer())
        self.km.valueChanged.connect(lambda _: self.annoncer())
        self.partage.toggled.connect(lambda _: self.annoncer())
        self.majoration.toggled.connect(lambda _: self.annoncer())

    @property
    def moment(self) -> datetime:
        """Date and hour of the care."""
        return self.instant.dateTime().toPython()  # type: ignore[return-value]

    def champs(self) -> dict[str, Any]:
        """Fields of every act that admits them, `ik_km` of the first one only."""
        partagee = self.partage.isChecked() and self.domicile.isChecked()
        configuration = self._atelier.poste.configuration
        lettre = horaires.complement(configuration.profession, self.moment, configuration.departement)
        self.majoration.setText(horaires.MOTS[lettre])
        self.majoration.setEnabled(bool(lettre))
        return {
            "complement": lettre if self.majoration.isChecked() else "", "domicile": self.domicile.isChecked(),
            "ik_km": 0 if partagee else self.km.value(), "date": self.moment.date(), "deplacement_partage": partagee,
        }

    def maintenant(self) -> None:
        """Back to now, at the next patient."""
        self.instant.setDateTime(QDateTime.currentDateTime())

    def montrer(self, domicile: bool, km: int) -> None:
        """Show the habits of a patient without telling."""
        self.blockSignals(True)
        self.domicile.setChecked(domicile)
        self.km.setValue(km)
        self.partage.setChecked(False)
        self.blockSignals(False)
        self.champs()

    def montrer_partage(self, partagee: bool) -> None:
        """Show whether another patient bears the travel, without telling."""
        self.blockSignals(True)
        self.partage.setChecked(partagee)
        self.blockSignals(False)

    def montrer_facture(self, facture: Facture) -> None:
        """Show the visit of an invoice kept, without telling: what is changed then leaves its date alone."""
        configuration, premiere, jour = self._atelier.poste.configuration, facture.lignes[0], facture.date_soins
        heure = horaires.heure(configuration.profession, jour, premiere.complement, configuration.departement)
        self.blockSignals(True)
        self.instant.setDateTime(QDateTime(QDate(jour.year, jour.month, jour.day), QTime(heure, 0)))
        if self.majoration.isEnabled():
            self.majoration.setChecked(bool(premiere.complement))
        self.blockSignals(False)
        self.montrer(premiere.domicile, premiere.ik_km)
        self.montrer_partage(any(ligne.deplacement_partage for ligne in facture.lignes))

    def annoncer(self) -> None:
        """Tell what the visit is now."""
        self.partage.setEnabled(self.domicile.isChecked())
        self.km.setEnabled(self.domicile.isChecked() and not self.partage.isChecked())
        self.change.emit(self.champs())

    def _disposer(self) -> None:
        rangee = QHBoxLayout(self)
        rangee.setContentsMargins(0, 0, 0, 0)
        for widget in (etiquette_de("&Soins du", self.instant), self.instant, self.domicile, self.km, self.partage):
            rangee.addWidget(widget)
        rangee.addWidget(self.majoration, 1)
