"""Référentiels: which tables are loaded and since when, what changed, what they say, and how to load newer ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QSplitter, QTabWidget, QVBoxLayout, QWidget

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.avancement import Avancement
from ..composants.tableau import Tableau
from ..composants.texte import Texte
from ..consultation.changements import OngletChangements
from ..consultation.recherche import OngletRecherche
from ..consultation.tarifs import OngletTarifs
from ..modeles.referentiels import LIBELLES, TARIFS, SourceVue, colonnes_sources, sources_de
from ..modeles.table import ModeleTable
from ..taches import Tache
from .page import Page

# What may be imported, and whether it is a folder of several files.
TABLES = (
    ("bdpm", f"{LIBELLES['bdpm']} : dossier", True), ("ccam", f"{LIBELLES['ccam']} : fichier", False),
    ("lpp", f"{LIBELLES['lpp']} : dossier", True), ("nabm", f"{LIBELLES['nabm']} : dossier", True),
    ("ucd", f"{LIBELLES['ucd']} : fichier", False), ("ngap", f"{LIBELLES['ngap']} : fichier", False),
    ("tfr", f"{LIBELLES['tfr']} : fichier", False),
    ("conventions", "Conventions et formules complémentaires : fichier", False),
    ("tod", "Organismes destinataires (TOD) : fichier CSV", False),
    ("loe", "Liste d'opposition complète (LOE)", False), ("loi", "Liste d'opposition, mise à jour (LOI)", False),
)


class Referentiels(Page):
    """Tables above; below, look-ups, changes of the table chosen, tariffs of the program."""

    cle, titre = "referentiels", "Référentiels"
    ecoute = ("referentiels",)

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self._faire_widgets()
        self.ajouter_action("Chercher", "F3|Ctrl+F", self.aller_chercher)
        self.ajouter_action("Ce qui a changé", "F4", lambda: self.onglets.setCurrentWidget(self.changements))
        self.ajouter_action("Tarifs", "F6", lambda: self.onglets.setCurrentWidget(self.tarifs))
        self.ajouter_action("&Importer…", "F10", self.choisir, icone="importer", principale=True, indice="importer")
        self._disposer()
        self.sources.choisie.connect(self._source_choisie)
        self.onglets.currentChanged.connect(lambda _: self._onglet_montre())
        for onglet in (self.consultation, self.changements):
            onglet.refusee.connect(self.bandeau.dire_erreur)

    def rafraichir(self) -> None:
        """The tables, by a worker."""
        self.atelier.taches.lancer(
            "referentiels", lambda _: sources_de(self.atelier.poste.referentiels), resultat=self._montrer_sources,
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="sources",
        )

    def montrer(self, argument: object) -> None:
        """The table whose import is wanted, chosen."""
        self._choisir_table(str(argument))
        self.bandeau.dire("Cette table n'est pas sur ce poste : choisissez son fichier pour l'importer.",
                          suite="Importer", action=self.choisir)

    def aller_chercher(self) -> None:
        """F3: where words are typed."""
        self.onglets.setCurrentWidget(self.consultation)
        self.consultation.recherche.setFocus()
        self.consultation.recherche.selectAll()

    def choisir(self) -> None:
        """F10: choose the file of the table chosen, then import it."""
        source, titre, dossier = TABLES[self.table.currentIndex()]
        if dossier:
            chemin = QFileDialog.getExistingDirectory(self, titre)
        else:
            chemin, _ = QFileDialog.getOpenFileName(self, titre)
        if chemin:
            self.importer(source, Path(chemin))

    def importer(self, source: str, chemin: Path) -> None:
        """Import on a worker, with progress; one at a time."""
        if self.avancement.actif:
            self.bandeau.dire("Un import est déjà en cours.")
            return
        self.bandeau.taire()
        tache = self.atelier.taches.lancer(
            "referentiels", lambda t: self._importer(source, chemin, t), resultat=self._importee,
            erreur=self._refusee, progression=self.avancement.avancer, proprietaire=self,
        )
        self.avancement.suivre(tache, f"Import de {chemin.name}")
        self.principale.setEnabled(False)  # type: ignore[union-attr]

    # -- building --------------------------------------------------------------------------------------------------

    def _faire_widgets(self) -> None:
        self.sources = Tableau(
            "sources", "Tables de ce poste", ModeleTable(colonnes_sources()), self.atelier.reglages, triable=False
        )
        self.consultation = OngletRecherche(self.atelier)
        self.changements, self.tarifs = OngletChangements(self.atelier), OngletTarifs(self.atelier)
        self.onglets = QTabWidget()
        self.onglets.setAccessibleName("Consulter les tables")
        for onglet, titre in ((self.consultation, "C&hercher"), (self.changements, "Ce qui a chan&gé"),
                              (self.tarifs, "Tari&fs du programme")):
            self.onglets.addTab(onglet, titre)
        self.table = QComboBox()
        self.table.setAccessibleName("Table à importer")
        self.table.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.table.setMinimumContentsLength(24)
        for _, titre, _ in TABLES:
            self.table.addItem(titre)
        self.avancement = Avancement()

    def _disposer(self) -> None:
        haut = QWidget()
        colonne = QVBoxLayout(haut)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.titre_de("Tables de ce poste", self.sources))
        colonne.addWidget(self.sources)
        partage = QSplitter(Qt.Orientation.Vertical)
        partage.addWidget(haut)
        partage.addWidget(self.onglets)
        partage.setStretchFactor(0, 2)
        partage.setStretchFactor(1, 3)
        partage.setChildrenCollapsible(False)
        choix = QWidget()
        rangee = QHBoxLayout(choix)
        rangee.setContentsMargins(0, 0, 0, 0)
        etiquette = Texte("&Table à importer", reserve="Table à importer ")
        etiquette.setBuddy(self.table)
        rangee.addWidget(etiquette)
        rangee.addWidget(self.table)
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(partage, 1)
        self.colonne.addWidget(self.avancement)
        self.colonne.addLayout(self.pied(droite=choix))

    # -- following -------------------------------------------------------------------------------------------------

    def _montrer_sources(self, sources: list[SourceVue]) -> None:
        self.sources.remplacer(sources, cle=lambda s: s.cle)
        if self.sources.courante is None and sources:
            self.sources.aller(0)
        self._onglet_montre()

    def _source_choisie(self, source: SourceVue | None) -> None:
        """A table chosen above is the one looked into below, and the one that F10 imports."""
        if source is None:
            return
        self._choisir_table(source.cle)
        self.consultation.choisir(source.cle)
        if source.cle == TARIFS:
            self.onglets.setCurrentWidget(self.tarifs)
        self._onglet_montre()

    def _choisir_table(self, cle: str) -> None:
        rang = next((i for i, (source, _, _) in enumerate(TABLES) if source == cle), -1)
        if rang >= 0:
            self.table.setCurrentIndex(rang)

    def _onglet_montre(self) -> None:
        """Only what is on screen is worked out."""
        if self.onglets.currentWidget() is self.changements:
            self.changements.montrer(self.sources.courante)
        elif self.onglets.currentWidget() is self.tarifs:
            self.tarifs.montrer()

    # -- importing -------------------------------------------------------------------------------------------------

    def _importer(self, source: str, chemin: Path, tache: Tache) -> Any:
        service = self.atelier.poste.referentiels
        autres = {"tod": service.importer_tod, "loe": service.importer_loe, "loi": service.appliquer_loi}
        if source in autres:
            return autres[source](chemin)
        return service.importer(source, chemin, tache.avancer, tache.annulee)

    def _importee(self, bilan: Any) -> None:
        self._finir()
        rejets = len(getattr(bilan, "rejets", ()))
        lignes = getattr(bilan, "lignes", None) or getattr(bilan, "effectif", 0)
        suite = f", {rejets} lignes écartées" if rejets else ""
        self.bandeau.dire(f"Version {bilan.version} importée : {lignes} lignes{suite}.", "succes")

    def _refusee(self, erreur: ErreurConnue) -> None:
        self._finir()
        self.bandeau.dire_erreur(erreur, suite="Choisir un autre fichier", action=self.choisir)

    def _finir(self) -> None:
        self.avancement.finir()
        self.principale.setEnabled(True)  # type: ignore[union-attr]
