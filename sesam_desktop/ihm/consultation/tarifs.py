"""Tariffs of the program: every dated row with its source, and those that no published source confirms."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ..atelier import Atelier
from ..composants.tableau import Tableau
from ..facturation.saisie import aujourd_hui
from ..modeles.referentiels import nombre
from ..modeles.table import ModeleTable
from ..modeles.tarifs import LigneTarif, colonnes_tarifs, filtrer, toutes_les_lignes

_LETTRES = 24     # of the filter, at the least


class OngletTarifs(QWidget):
    """Read at its first show; filtered by words, by table, by date."""

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self._lignes: list[LigneTarif] | None = None
        self.filtre = QLineEdit(placeholderText="AMI, honoraire, plafond… ou les mots d'une source")
        self.filtre.setAccessibleName("Filtrer les tarifs")
        self.filtre.setClearButtonEnabled(True)
        self.filtre.setMinimumWidth(self.fontMetrics().averageCharWidth() * _LETTRES)
        self.table = QComboBox()
        self.table.setAccessibleName("Table de tarifs")
        self.table.addItem("Toutes les tables", "")
        self.table.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.table.setMinimumContentsLength(18)
        self.en_vigueur, self.a_confirmer = QCheckBox("En &vigueur aujourd'hui"), QCheckBox("À con&firmer")
        self.en_vigueur.setChecked(True)
        self.nombre = QLabel()
        self.tableau = Tableau("tarifs", "Tarifs du programme", ModeleTable(colonnes_tarifs()), atelier.reglages)
        self._disposer()
        delai = QTimer(self, singleShot=True, interval=120)
        delai.timeout.connect(self.filtrer)
        self.filtre.textChanged.connect(lambda _: delai.start())
        self.table.activated.connect(lambda _: self.filtrer())
        for coche in (self.en_vigueur, self.a_confirmer):
            coche.toggled.connect(lambda _: self.filtrer())

    def _disposer(self) -> None:
        rangee = QHBoxLayout()
        for widget in (self.filtre, self.table, self.en_vigueur, self.a_confirmer, self.nombre):
            rangee.addWidget(widget, int(widget is self.filtre))
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addLayout(rangee)
        colonne.addWidget(self.tableau, 1)

    def montrer(self) -> None:
        """Read every table, on a worker, the first time."""
        if self._lignes is None:
            self.nombre.setText("Lecture…")
            self._atelier.taches.lancer(
                "recherche", lambda _: toutes_les_lignes(), resultat=self._recevoir, proprietaire=self,
                remplace="tarifs",
            )

    def filtrer(self) -> None:
        """Show what holds the words typed, by a worker."""
        if (lignes := self._lignes) is None:
            return
        jour = aujourd_hui() if self.en_vigueur.isChecked() else None
        table, texte, douteuses = self.table.currentData(), self.filtre.text(), self.a_confirmer.isChecked()
        self._atelier.taches.lancer(
            "recherche", lambda _: filtrer(lignes, table, texte, jour, douteuses), resultat=self._montrer,
            proprietaire=self, remplace="filtre des tarifs",
        )

    def _recevoir(self, lignes: list[LigneTarif]) -> None:
        self._lignes = lignes
        for nom in dict.fromkeys(ligne.table for ligne in lignes):
            self.table.addItem(nom.replace("_", " "), nom)
        self.filtrer()

    def _montrer(self, lignes: list[LigneTarif]) -> None:
        self.tableau.remplacer(lignes)
        self.nombre.setText(f"{nombre(len(lignes))} ligne{'s' if len(lignes) > 1 else ''}")
