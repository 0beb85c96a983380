"""« Ce qui a changé » between two versions of one source: rows added, removed, and cells before and after."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSplitter, QVBoxLayout, QWidget

from sesam_desktop.base.recherche import plier

from ..atelier import Atelier
from ..composants.tableau import Tableau
from ..modeles.changements import Changement, changements_de, colonnes_changements
from ..modeles.referentiels import SourceVue, colonnes_versions, jour, nombre
from ..modeles.table import ModeleTable

_LARGEURS = (30, 150)      # letters: the versions, what changed
_VERSIONS = 28             # letters, at the least: a date and a count are read whole


class OngletChangements(QWidget):
    """Versions at the left, what changed at the right."""

    refusee = Signal(object)      # ErreurConnue

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self._source: SourceVue | None = None
        self._changements: list[Changement] = []
        self.versions = Tableau("versions", "Versions importées", ModeleTable(colonnes_versions()), atelier.reglages)
        self.avant, self.apres = QComboBox(), QComboBox()
        for choix in (self.avant, self.apres):
            choix.setMinimumContentsLength(10)
        self.avant.setAccessibleName("Version de départ")
        self.apres.setAccessibleName("Version d'arrivée")
        self.filtre = QLineEdit(placeholderText="Filtrer : code, mots, « ajouté », « taux »")
        self.filtre.setAccessibleName("Filtrer les changements")
        self.filtre.setClearButtonEnabled(True)
        self.bilan = QLabel(wordWrap=True)
        self.tableau = Tableau(
            "changements", "Ce qui a changé", ModeleTable(colonnes_changements()), atelier.reglages
        )
        self._disposer()
        for choix in (self.avant, self.apres):
            choix.activated.connect(lambda _: self.comparer())
        delai = QTimer(self, singleShot=True, interval=120)
        delai.timeout.connect(self._filtrer)
        self.filtre.textChanged.connect(lambda _: delai.start())

    def montrer(self, source: SourceVue | None) -> None:
        """The versions of `source`, and what changed in the last one; asked again only when it has new versions."""
        if source is None or source == self._source:
            return
        self._source = source
        self.versions.remplacer(list(source.versions))
        for choix in (self.avant, self.apres):
            choix.clear()
            for version in source.versions:
                choix.addItem(jour(version.date), version.date)
        plusieurs = len(source.versions) > 1
        self._comparaison.setVisible(plusieurs)
        self.tableau.setVisible(plusieurs)
        if plusieurs:
            self.avant.setCurrentIndex(1)
            self.apres.setCurrentIndex(0)
            self.comparer()
        else:
            self._montrer_sans_comparaison(source)

    def comparer(self) -> None:
        """From the version chosen to the other, by a worker."""
        if (source := self._source) is None:
            return
        avant, apres = self.avant.currentData(), self.apres.currentData()
        self.bilan.setText("Comparaison en cours…")
        self._atelier.taches.lancer(
            "recherche", lambda _: self._comparer(source.cle, avant, apres),
            resultat=lambda lu: self._recevoir(source, lu), erreur=self.refusee.emit, proprietaire=self,
            remplace="différences",
        )

    def _comparer(self, source: str, avant: str, apres: str) -> tuple[Any, list[Changement]]:
        differences = self._atelier.poste.referentiels.differences(source, avant, apres)
        return differences, changements_de(differences)

    def _recevoir(self, source: SourceVue, lu: tuple[Any, list[Changement]]) -> None:
        if source is not self._source:       # another table was chosen meanwhile
            return
        differences, self._changements = lu
        total = differences.ajouts + differences.retraits + differences.modifications
        montrees = "" if total <= len(differences.lignes) else (
            f"  ·  les {nombre(len(differences.lignes))} premières sont montrées"
        )
        comptes = (
            (differences.ajouts, "ajoutée"), (differences.retraits, "retirée"), (differences.modifications, "modifiée")
        )
        self.bilan.setText("  ·  ".join(f"{nombre(n)} {mot}{'s' if n > 1 else ''}" for n, mot in comptes) + montrees)
        self._filtrer()

    def _filtrer(self) -> None:
        changements, mots = self._changements, plier(self.filtre.text()).split()
        self._atelier.taches.lancer(
            "recherche", lambda _: [c for c in changements if all(mot in c.index for mot in mots)],
            resultat=self.tableau.remplacer, proprietaire=self, remplace="filtre des différences",
        )

    def _montrer_sans_comparaison(self, source: SourceVue) -> None:
        self._changements = []
        self.tableau.remplacer([])
        if source.versions:
            self.bilan.setText("Une seule version est importée : la prochaine dira ce qui a changé.")
        elif source.version:
            self.bilan.setText("Cette table ne garde que sa version en vigueur.")
        else:
            self.bilan.setText("Cette table n'est pas encore importée sur ce poste : F10 pour l'importer.")

    def _disposer(self) -> None:
        self._comparaison = QWidget()
        rangee = QHBoxLayout(self._comparaison)
        rangee.setContentsMargins(0, 0, 0, 0)
        for titre, choix in (("D&e la version du", self.avant), ("à celle du", self.apres)):
            etiquette = QLabel(titre)
            etiquette.setBuddy(choix)
            rangee.addWidget(etiquette)
            rangee.addWidget(choix)
        rangee.addWidget(self.filtre, 1)
        droite = QWidget()
        colonne = QVBoxLayout(droite)
        colonne.setContentsMargins(0, 0, 0, 0)
        for widget in (self._comparaison, self.bilan, self.tableau):
            colonne.addWidget(widget, int(widget is self.tableau))
        colonne.addStretch(0)
        partage = QSplitter(Qt.Orientation.Horizontal)
        self.versions.setMinimumWidth(self.fontMetrics().averageCharWidth() * _VERSIONS)
        partage.addWidget(self.versions)
        partage.addWidget(droite)
        partage.setStretchFactor(0, 1)
        partage.setStretchFactor(1, 3)
        partage.setChildrenCollapsible(False)
        partage.setSizes([self.fontMetrics().averageCharWidth() * lettres for lettres in _LARGEURS])
        tout = QVBoxLayout(self)
        tout.setContentsMargins(0, 0, 0, 0)
        tout.addWidget(partage)
