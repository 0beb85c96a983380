"""F7: what is not usual in this invoice: its insurance, the patient's own rights, the prescription in two zones.

Shown by itself as soon as something there is not usual; otherwise out of the way.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sesam_desktop.factures import nature
from sesam_desktop.factures.facture import Executant
from sesam_desktop.referentiels import tables

from ..composants.champ_date import ChampDate
from .saisie import Composition

USUELLE, TABLE = "maladie", "particularites"
_DITES_AILLEURS = ("ALD", "MATERNITE")     # by the line, by the nature of insurance


class LigneSituation(QFrame):
    """`change` gives the fields of the composition that changed."""

    change = Signal(dict)

    def __init__(self, jour: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("Situation du patient")
        self._composition = Composition(jour)
        self.accidents: tuple[str, ...] = ()      # numbers that the card holds
        self.nature, self.numero = QComboBox(), QLineEdit(maxLength=9, placeholderText="numéro de l'accident")
        self.accident, self.grossesse = ChampDate(), ChampDate()
        self.proposee = QToolButton()             # takes the nature that the rules give, when it is another one
        self.particularites, self._choix = QToolButton(), {}  # type: ignore[var-annotated]
        self.bizone, self.renouvellements = QCheckBox("Ordonnance &bizone"), QSpinBox(maximum=99)
        self._remplir(jour)
        self._disposer()
        self._relier()
        self.hide()

    def montrer(self, composition: Composition) -> None:
        """Show without telling; opens itself when something is not usual."""
        self._composition = composition
        self._bloquer(True)
        self.nature.setCurrentIndex(max(0, self.nature.findData(composition.nature_assurance)))
        self.numero.setText(composition.accident_numero)
        for champ, jour in ((self.accident, composition.accident_date), (self.grossesse, composition.maternite_date)):
            champ.setDate(_qdate(jour or composition.date_soins))
        patient, prescription = composition.patient, composition.prescription
        for code, action in self._choix.items():
            action.setChecked(patient is not None and code in patient.particularites)
        self.bizone.setChecked(prescription is not None and prescription.bizone)
        self.renouvellements.setValue(prescription.renouvellements if prescription else 0)
        self._bloquer(False)
        self._ajuster()
        autre = self._proposer()
        if autre or not usuelle(composition):
            self.show()

    def _proposer(self) -> bool:
        """Offer the nature that the rights and the care call for; True when it is not the one asked."""
        composition = self._composition
        if composition.patient is None:
            self.proposee.hide()
            return False
        proposition = nature.proposee(composition.ebauche(Executant("", "")), tables, self.accidents)
        rang = self.nature.findData(proposition.nature)
        autre = proposition.nature != composition.nature_assurance
        self.proposee.setVisible(autre)
        self.proposee.setText(f"Prendre « {self.nature.itemText(rang)} »")
        self.proposee.setToolTip(proposition.raison)
        self.proposee.setProperty("nature", rang)
        return autre

    def _prendre(self) -> None:
        self.nature.setCurrentIndex(self.proposee.property("nature"))
        self._dire_nature()

    def _remplir(self, jour: date) -> None:
        self.nature.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.nature.setMinimumContentsLength(22)
        for ligne in tables.charger("natures_assurance").lignes(jour):
            self.nature.addItem(ligne["libelle"], ligne["code"])
        menu = QMenu(self.particularites)
        libelles = {li["code"]: li["libelle"] for li in tables.charger(TABLE).lignes(jour)}
        for code, libelle in libelles.items():
            if code not in _DITES_AILLEURS:
                action = QAction(libelle, menu, checkable=True)
                action.toggled.connect(lambda _: self._dire_particularites())
                menu.addAction(action)
                self._choix[code] = action
        self.particularites.setMenu(menu)
        self.particularites.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _disposer(self) -> None:
        premiere, seconde = QHBoxLayout(), QHBoxLayout()
        self._accident, self._maternite = QWidget(), QWidget()
        _aligner(self._accident, QLabel("N°"), self.numero, QLabel("du"), self.accident)
        _aligner(self._maternite, QLabel("début ou accouchement"), self.grossesse)
        noms = {
            self.nature: "Nature d'assurance", self.proposee: "Nature d'assurance proposée",
            self.numero: "Numéro de l'accident du travail",
            self.accident: "Date de l'accident", self.grossesse: "Début de grossesse ou accouchement",
            self.particularites: "Particularités du patient", self.renouvellements: "Renouvellements prescrits",
        }
        for champ, nom in noms.items():
            champ.setAccessibleName(nom)
        libelle = QLabel("&Nature")
        libelle.setBuddy(self.nature)
        renouvelable = QLabel("renouvelable")
        self.renouvellements.setSuffix(" fois")
        for rangee, widgets in (
            (premiere, (libelle, self.nature, self.proposee, self._accident, self._maternite)),
            (seconde, (self.particularites, self.bizone, renouvelable, self.renouvellements)),
        ):
            for widget in widgets:
                rangee.addWidget(widget)
            rangee.addStretch(1)
        colonne = QVBoxLayout(self)
        colonne.addLayout(premiere)
        colonne.addLayout(seconde)

    def _relier(self) -> None:
        self.nature.activated.connect(lambda _: self._dire_nature())
        self.proposee.clicked.connect(lambda _: self._prendre())
        self.numero.editingFinished.connect(self._dire_nature)
        self.accident.dateChanged.connect(lambda _: self._dire_nature())
        self.grossesse.dateChanged.connect(lambda _: self._dire_nature())
        self.bizone.toggled.connect(lambda _: self._dire_prescription())
        self.renouvellements.valueChanged.connect(lambda _: self._dire_prescription())

    def _dire_nature(self) -> None:
        """What belongs to another nature is forgotten with it."""
        choisie = self.nature.currentData()
        accident, grossesse = choisie == "at", choisie == "maternite"
        numero = self.numero.text().strip().upper() or (self.accidents[0] if len(self.accidents) == 1 else "")
        self.change.emit({
            "nature_assurance": choisie, "accident_numero": numero if accident else "",
            "accident_date": _jour(self.accident) if accident else None,
            "maternite_date": _jour(self.grossesse) if grossesse else None,
        })

    def _dire_particularites(self) -> None:
        patient = self._composition.patient
        if patient is not None:
            codes = tuple(code for code, action in self._choix.items() if action.isChecked())
            self.change.emit({"patient": replace(patient, particularites=codes)})

    def _dire_prescription(self) -> None:
        prescription = self._composition.prescription
        if prescription is not None:
            self.change.emit({"prescription": replace(
                prescription, bizone=self.bizone.isChecked(), renouvellements=self.renouvellements.value()
            )})

    def _ajuster(self) -> None:
        """Only what this nature and this patient call for."""
        composition = self._composition
        self._accident.setVisible(composition.nature_assurance == "at")
        self.numero.setToolTip(f"Sur la carte : {', '.join(self.accidents)}" if self.accidents else "")
        self._maternite.setVisible(composition.nature_assurance == "maternite")
        patient = composition.patient
        self.particularites.setEnabled(patient is not None)
        for code, action in self._choix.items():
            action.setVisible(patient is not None and _possible(code, patient.regime, composition.date_soins))
        cochees = [action.text() for action in self._choix.values() if action.isChecked()]
        self.particularites.setText(", ".join(cochees) if len(cochees) == 1 else f"Particularités ({len(cochees)})"
                                    if cochees else "Particularités : aucune")
        for champ in (self.bizone, self.renouvellements):
            champ.setEnabled(composition.prescription is not None)

    def _bloquer(self, oui: bool) -> None:
        champs: list[Any] = [self.accident, self.grossesse, self.bizone, self.renouvellements, *self._choix.values()]
        for champ in champs:
            champ.blockSignals(oui)


def usuelle(composition: Composition) -> bool:
    """True when there is nothing to see here."""
    patient, prescription = composition.patient, composition.prescription
    return (
        composition.nature_assurance == USUELLE and not (patient and patient.particularites)
        and not (prescription and (prescription.bizone or prescription.renouvellements))
    )


def _possible(code: str, regime: str, jour: date) -> bool:
    return tables.charger(TABLE).trouver(jour, code=code, regime=regime) is not None


def _aligner(cadre: QWidget, *widgets: QWidget) -> None:
    rangee = QHBoxLayout(cadre)
    rangee.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        rangee.addWidget(widget)


def _qdate(jour: date) -> QDate:
    return QDate(jour.year, jour.month, jour.day)


def _jour(champ: ChampDate) -> date:
    lu = champ.date()
    return date(lu.year(), lu.month(), lu.day())
