"""The controls of « Et si ? », as the invoice is at first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QWidget

from sesam_desktop.factures.facture import Executant, OrganismeAmc
from sesam_desktop.referentiels import tables

from ..composants.champ_date import ChampDate
from ..modeles.professions import OPTIONS
from .hypothese import Hypothese, hypothese_de
from .saisie import Composition

if TYPE_CHECKING:
    from sesam_desktop.poste.configuration import Configuration

_A_OPTION = ("medecin",)


class ChoixHypothese(QWidget):
    """`change` gives the hypothesis."""

    change = Signal(object)

    def __init__(
        self, composition: Composition, amc: OrganismeAmc | None, configuration: Configuration,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        jour, profession = composition.date_soins, configuration.profession
        executant = Executant(profession, "", option_tarifaire=configuration.option_tarifaire)
        self.initiale = hypothese_de(composition.ebauche(executant), amc)
        self.jour = ChampDate()
        self.ald, self.c2s = QCheckBox("En rapport avec une &ALD"), QCheckBox("C&2S")
        self.ald.setTristate(self.initiale.ald is None)
        self.regime_local, self.amc = QCheckBox("Régime &local"), QCheckBox("Co&mplémentaire")
        self.amc.setEnabled(amc is not None or self.initiale.amc is not None or self.initiale.c2s)
        self.parcours = _liste([("", "Parcours à préciser"), *_lignes("parcours", jour)])
        self.option = _liste([(code, f"Option tarifaire : {mots}") for code, mots in OPTIONS])
        self.nature = _liste(_lignes("natures_assurance", jour))
        self.particularite = _liste([("", "Aucune particularité"), *_lignes("particularites", jour)])
        for liste, utile in ((self.parcours, profession in _A_OPTION), (self.option, profession in _A_OPTION)):
            liste.setVisible(utile)
        self._nommer()
        self._disposer()
        self.revenir()
        self._relier()

    def hypothese(self) -> Hypothese:
        """What is supposed now."""
        lu, depart = self.jour.date(), self.initiale
        ald = None if self.ald.checkState() == Qt.CheckState.PartiallyChecked else self.ald.isChecked()
        choisie = self.particularite.currentData()
        return replace(
            depart, jour=date(lu.year(), lu.month(), lu.day()), ald=ald, c2s=self.c2s.isChecked(),
            regime_local=self.regime_local.isChecked(), parcours=self.parcours.currentData(),
            option=self.option.currentData(), nature=self.nature.currentData(), tiers_amc=self.amc.isChecked(),
            particularites=depart.particularites if choisie in depart.particularites else (choisie,) if choisie else (),
        )

    def revenir(self) -> None:
        """As the invoice is."""
        depart = self.initiale
        self.blockSignals(True)
        self.jour.setDate(QDate(depart.jour.year, depart.jour.month, depart.jour.day))
        etats = {True: Qt.CheckState.Checked, False: Qt.CheckState.Unchecked, None: Qt.CheckState.PartiallyChecked}
        self.ald.setCheckState(etats[depart.ald])
        self.c2s.setChecked(depart.c2s)
        self.regime_local.setChecked(depart.regime_local)
        self.amc.setChecked(depart.tiers_amc)
        valeurs = ((self.parcours, depart.parcours), (self.option, depart.option), (self.nature, depart.nature),
                   (self.particularite, (*depart.particularites, "")[0]))
        for liste, valeur in valeurs:
            liste.setCurrentIndex(max(0, liste.findData(valeur)))
        self.blockSignals(False)
        self._dire()

    def _nommer(self) -> None:
        for champ, nom in ((self.jour, "Date des soins supposée"), (self.parcours, "Parcours de soins supposé"),
                           (self.option, "Option tarifaire supposée"), (self.nature, "Nature d'assurance supposée"),
                           (self.particularite, "Particularité supposée")):
            champ.setAccessibleName(nom)

    def _disposer(self) -> None:
        grille = QGridLayout(self)
        grille.setContentsMargins(0, 0, 0, 0)
        etiquette = QLabel("&Soins du")
        etiquette.setBuddy(self.jour)
        rangees = ((etiquette, self.jour, self.nature, self.particularite),
                   (self.ald, self.c2s, self.regime_local, self.amc), (self.parcours, self.option))
        for rang, widgets in enumerate(rangees):
            for colonne, widget in enumerate(widgets):
                grille.addWidget(widget, rang, colonne)

    def _relier(self) -> None:
        self.jour.dateChanged.connect(lambda _: self._dire())
        for coche in (self.ald, self.c2s, self.regime_local, self.amc):
            coche.clicked.connect(lambda _: self._dire())
        for liste in (self.parcours, self.option, self.nature, self.particularite):
            liste.activated.connect(lambda _: self._dire())

    def _dire(self) -> None:
        self.change.emit(self.hypothese())


def _lignes(table: str, jour: date) -> list[tuple[str, str]]:
    """(code, words), each code once."""
    return list({ligne["code"]: ligne["libelle"] for ligne in tables.charger(table).lignes(jour)}.items())


def _liste(choix) -> QComboBox:
    liste = QComboBox()
    for code, mots in choix:
        liste.addItem(mots, code)
    liste.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    liste.setMinimumContentsLength(18)
    return liste
