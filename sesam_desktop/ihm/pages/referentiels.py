"""Référentiels: which tables are loaded and since when, how to load newer ones, and what they say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QSplitter, QVBoxLayout, QWidget

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.avancement import Avancement
from ..composants.tableau import Tableau
from ..composants.texte import Texte
from ..modeles.referentiels import colonnes_medicaments, colonnes_versions, versions_de
from ..modeles.table import ModeleTable
from ..taches import Tache
from .page import Page

TABLES = (
    ("bdpm", "Médicaments : dossier de la base publique (BDPM)", True),
    ("tod", "Organismes destinataires (TOD) : fichier CSV", False),
    ("loe", "Liste d'opposition complète (LOE)", False),
    ("loi", "Liste d'opposition, mise à jour (LOI)", False),
)


class Referentiels(Page):
    """Versions above, search below."""

    cle, titre = "referentiels", "Référentiels"
    ecoute = ("referentiels",)

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self._faire_widgets()
        self.ajouter_action("&Chercher", "F3|Ctrl+F", self.recherche.setFocus)
        self.ajouter_action("&Importer…", "F10", self.choisir, icone="importer", principale=True, indice="importer")
        self._disposer()

    def rafraichir(self) -> None:
        """Versions, by a worker."""
        self.atelier.taches.lancer(
            "referentiels", lambda _: versions_de(self.atelier.poste.referentiels),
            resultat=lambda v: self.versions.remplacer(v, cle=lambda r: r.table), erreur=self.bandeau.dire_erreur,
            proprietaire=self, remplace="versions",
        )

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

    def chercher(self) -> None:
        """Medicines by words or code."""
        terme = self.recherche.text().strip()
        if len(terme) < 2 or not self.atelier.ouvert:
            self.resultats.remplacer([])
            return
        jour = date.today()  # noqa: DTZ011
        self.atelier.taches.lancer(
            "referentiels", lambda _: self.atelier.poste.referentiels.chercher(terme, jour), resultat=self._trouves,
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="chercher",
        )

    def _faire_widgets(self) -> None:
        reglages = self.atelier.reglages
        self.versions = Tableau("versions", "Tables de ce poste", ModeleTable(colonnes_versions()), reglages)
        self.resultats = Tableau(
            "medicaments", "Résultats de la recherche", ModeleTable(colonnes_medicaments()), reglages
        )
        self.recherche = QLineEdit(placeholderText="Nom, code CIP à 13 ou 7 chiffres, ou scan d'une boîte")
        self.recherche.setAccessibleName("Chercher un médicament")
        self.recherche.setClearButtonEnabled(True)
        delai = QTimer(self, singleShot=True, interval=150)
        delai.timeout.connect(self.chercher)
        self.recherche.textChanged.connect(lambda _: delai.start())
        self.nombre = QLabel()
        self.table = QComboBox()
        self.table.setAccessibleName("Table à importer")
        self.table.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.table.setMinimumContentsLength(24)
        for _, titre, _ in TABLES:
            self.table.addItem(titre)
        self.avancement = Avancement()

    def _disposer(self) -> None:
        haut, bas = QWidget(), QWidget()
        self._section(haut, "Tables de ce poste", self.versions)
        self._section(bas, "C&hercher un médicament", self.recherche, self.resultats)
        partage = QSplitter(Qt.Orientation.Vertical)
        partage.addWidget(haut)
        partage.addWidget(bas)
        partage.setStretchFactor(1, 2)
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
        self.colonne.addLayout(self.pied(self.nombre, droite=choix))

    def _section(self, cadre: QWidget, titre: str, *elements: QWidget) -> None:
        colonne = QVBoxLayout(cadre)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.titre_de(titre, elements[0]))
        for element in elements:
            colonne.addWidget(element)

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

    def _trouves(self, produits: list[Any]) -> None:
        self.resultats.remplacer(produits, cle=lambda m: m.cip13)
        self.nombre.setText(f"{len(produits)} médicament{'s' if len(produits) > 1 else ''}" if produits else
                            "Aucun médicament ne correspond")
