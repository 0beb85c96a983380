"""Tableau: how the invoices of a period were secured, sent, paid and rejected; figures first, charts beside tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFileDialog, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.chiffres_cles import ChiffresCles
from ..composants.image_svg import ImageSvg
from ..composants.page_vide import PageVide
from ..composants.periode import Periode
from ..composants.tableau import Tableau
from ..modeles.indicateurs import colonnes_de, essentiels, style_de
from ..modeles.table import ModeleTable
from .page import Page

if TYPE_CHECKING:
    from sesam_desktop.editions.graphiques import Style
    from sesam_desktop.poste.indicateurs import Graphiques, TableauChiffres
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.teletransmission.chiffres import Indicateurs

# Title of each tab, in the order of the tables of the service, and the chart that goes with it.
ONGLETS = (("&Sécurisation", "securisation"), ("&Montants", "montants"), ("Dé&lais", "paiement"),
           ("&Rejets", "rejets"), ("&Accusés", ""), ("&Pièces", ""), ("É&volution", "evolution"))
_CHIFFRES = 6
_DESSIN, _TABLE = 10_000, 14_000     # more than any screen: figures keep more room than their picture


class Lus(NamedTuple):
    """What a worker reads for this page."""

    indicateurs: Indicateurs
    tableaux: list[TableauChiffres]
    graphiques: Graphiques


class PageTableau(Page):
    """Figures of a period; nothing is only in a picture."""

    cle, titre = "tableau", "Tableau"
    ecoute = ("factures", "retours", "pieces")

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self._lus: Lus | None = None
        self.periode, self.chiffres = Periode("douze_mois"), ChiffresCles(_CHIFFRES)
        self.periode.changee.connect(self._au_besoin)
        self.ajouter_action("&Exporter les chiffres…", "F10", self.exporter, icone="exporter", principale=True,
                            indice="exporter")
        self._facturer = self.ajouter_action("Facturer", "F2", lambda: atelier.demander("facturer"))
        self.onglets = QTabWidget()
        self.onglets.setAccessibleName("Chiffres par sujet")
        self.tables: list[Tableau] = []
        self.dessins: list[ImageSvg | None] = []
        self._disposer()

    def rafraichir(self) -> None:
        """Count again, by a worker."""
        poste, bornes, style = self.atelier.poste, self.periode.bornes, style_de(self.palette())
        self.atelier.taches.lancer(
            "indicateurs", lambda _: _lire(poste, *bornes, style), resultat=self._montrer, erreur=self._echouer,
            proprietaire=self, remplace="indicateurs",
        )

    def exporter(self) -> None:
        """Every table in one spreadsheet, of the period that is shown: another may be on its way."""
        if self._lus is None:
            return
        poste, lus = self.atelier.poste, self._lus.indicateurs
        nom = f"indicateurs-{lus.debut:%Y%m%d}-{lus.fin:%Y%m%d}.xlsx"
        chemin, _ = QFileDialog.getSaveFileName(self, "Exporter les chiffres", nom, "Classeur (*.xlsx)")
        if chemin:
            self.atelier.taches.lancer(
                "indicateurs", lambda _: poste.indicateurs.exporter(lus, Path(chemin)),
                resultat=lambda ecrit: self.bandeau.dire(f"Chiffres écrits dans {ecrit}.", "succes"),
                erreur=self.bandeau.dire_erreur, proprietaire=self,
            )

    def changeEvent(self, evenement: QEvent) -> None:
        super().changeEvent(evenement)
        if evenement.type() == QEvent.Type.PaletteChange and self._lus is not None:
            self._au_besoin()

    def _au_besoin(self) -> None:
        if self.atelier.ouvert:
            self.rafraichir()

    def _echouer(self, erreur: ErreurConnue) -> None:
        self.bandeau.dire_erreur(erreur, suite="Réessayer", action=self.rafraichir)

    def _montrer(self, lus: Lus) -> None:
        self._lus = lus
        self.chiffres.montrer(essentiels(lus.indicateurs))
        if not self.tables:
            self._faire_onglets(lus.tableaux)
        for tableau, table, dessin, (_, nom) in zip(lus.tableaux, self.tables, self.dessins, ONGLETS, strict=True):
            table.remplacer(list(tableau.lignes))
            if dessin is not None:
                dessin.montrer(getattr(lus.graphiques, nom))
        self.pile.setCurrentIndex(1 if lus.indicateurs.mois else 0)
        self.remplie.emit(None)

    def _faire_onglets(self, tableaux: list[TableauChiffres]) -> None:
        """Columns are those of the service: the tables are made with its first answer."""
        for tableau, (titre, nom) in zip(tableaux, ONGLETS, strict=True):
            table = Tableau(f"indicateurs-{titre.replace('&', '')}", tableau.titre, ModeleTable(colonnes_de(tableau)),
                            self.atelier.reglages, triable=False)
            dessin = ImageSvg(f"Graphique : {tableau.titre}, détaillé dans le tableau") if nom else None
            partage = QSplitter(Qt.Orientation.Horizontal)
            for widget in (dessin, table):
                if widget is not None:
                    partage.addWidget(widget)
            partage.setSizes([_DESSIN, _TABLE] if dessin is not None else [_TABLE])
            self.tables.append(table)
            self.dessins.append(dessin)
            self.onglets.addTab(partage, titre)

    def _disposer(self) -> None:
        plein = QWidget()
        colonne = QVBoxLayout(plein)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.chiffres)
        colonne.addWidget(self.onglets, 1)
        self.pile = QStackedWidget()
        self.pile.addWidget(PageVide(
            "Les chiffres de l'activité se lisent ici : sécurisation, délais de paiement, rejets et leurs causes."
            " Aucun soin n'a été facturé sur cette période.", self._facturer
        ))
        self.pile.addWidget(plein)
        self.colonne.addWidget(self.periode)
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(self.pile, 1)
        self.colonne.addLayout(self.pied())


def _lire(poste: Poste, debut: date, fin: date, style: Style) -> Lus:
    """On a worker."""
    service = poste.indicateurs
    lus = service.calculer(debut, fin)
    return Lus(lus, service.tableaux(lus), service.dessiner(lus, style))
