"""The lines of the invoice: the table, the reasons of an amount, the fields of a line, and the remarks on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject

from sesam_desktop.factures.facture import Alerte, Tarification

from ..atelier import Atelier
from ..composants.bandeau import Bandeau
from ..composants.tableau import Tableau
from ..modeles.table import Colonne, ModeleTable
from ..pages.page import Page
from . import lignes
from .alertes import de_la_ligne
from .centre import Centre
from .editeur import EditeurLigne
from .permis_ccam import PermisCcam
from .pourquoi import GROUPE_DE, Pourquoi
from .saisie import Saisie


class PanneauLignes(QObject):
    """Lives with its page; what cannot be done is said in `bandeau`."""

    def __init__(
        self, atelier: Atelier, saisie: Saisie, bandeau: Bandeau, colonnes: list[Colonne], nom: str, page: Page
    ) -> None:
        super().__init__(page)
        self._saisie, self._bandeau = saisie, bandeau
        self._alertes: tuple[Alerte, ...] = ()
        self.tarification: Tarification | None = None
        self._noms: dict[tuple[str, ...], str] = {}
        self.tableau = Tableau(nom, "Lignes de la facture", ModeleTable(colonnes), atelier.reglages, triable=False)
        self.pourquoi, self.editeur = Pourquoi(), EditeurLigne()
        self.permis = PermisCcam(atelier, saisie, self.editeur)
        self.editeur.complement.addWidget(self.permis)
        self.permis.choisis.connect(lambda codes: self._editer(self.editeur.rang, {"modificateurs": codes}))
        self.permis.associees.connect(self._associer)
        self.tableau.cellule.connect(self._cellule_choisie)
        self.tableau.cliquee.connect(self._cellule_cliquee)
        self.editeur.change.connect(self._editer)

    def centre(self) -> Centre:
        """The table, and the reasons of one line."""
        return Centre(self.tableau, self.pourquoi)

    def montrer(
        self, tarification: Tarification | None, alertes: Sequence[Alerte] = (), *, attente: bool = False
    ) -> None:
        """Show the lines with their prices; `attente`: while these are asked, the remarks stay."""
        self.tarification = tarification
        self._alertes = tuple(alertes)
        demandees = self._saisie.actuelle.lignes
        rangees = lignes.rangees(demandees, tarification, self._alertes, attente=attente, noms=self._noms)
        self._noms = {lignes.identite(r.demande): r.tarifee.libelle if r.tarifee else r.nom
                      for r in reversed(rangees) if not r.ajoutee}
        self.tableau.remplacer(rangees, cle=lambda r: (r.saisie, r.ajoutee, r.tarifee.acte if r.ajoutee else ""))
        self._suivre_l_editeur()

    def modifier(self) -> None:
        """F6: the fields of the current line."""
        rangee = self.tableau.courante
        if rangee is None:
            self._bandeau.dire("Choisissez d'abord une ligne à modifier, avec les flèches.")
            return
        self.ouvrir(rangee.saisie)

    def ouvrir(self, rang: int, *, saisir: bool = True) -> None:
        """Show the fields of line `rang`."""
        composition = self._saisie.actuelle
        ligne = composition.lignes[rang]
        self.editeur.ouvrir(rang, ligne, composition.date_soins, saisir=saisir)
        self.permis.montrer(rang, ligne)
        self.editeur.dire(de_la_ligne(self._alertes, rang))

    def retirer(self) -> None:
        """Remove the current line; Ctrl+Z brings it back."""
        if (rangee := self.tableau.courante) is not None:
            self.editeur.hide()
            self._saisie.retirer(rangee.saisie)

    def quantite(self, nombre: int) -> None:
        """Digits on the table change the quantity of the current line."""
        rangee = self.tableau.courante
        if rangee is not None and nombre > 0:
            self._saisie.remplacer_ligne(rangee.saisie, quantite=nombre)

    def basculer_pourquoi(self) -> None:
        """F8: show or hide the reasons of the current line."""
        self.pourquoi.setVisible(self.pourquoi.isHidden())
        if self.tableau.courante is None and self.tableau.modele.rangees:
            self.tableau.aller(0)
        self._cellule_choisie(self.tableau.courante, self.tableau.colonne)

    def fermer(self) -> bool:
        """Escape: close what is open; False when nothing was."""
        for panneau in (self.editeur, self.pourquoi):
            if not panneau.isHidden():
                panneau.hide()
                return True
        return False

    def _cellule_choisie(self, rangee: lignes.Rangee | None, colonne: str) -> None:
        if rangee is None or rangee.tarifee is not None:     # while its price is asked, the last reasons stay
            self.pourquoi.montrer(rangee.tarifee if rangee else None, colonne)

    def _cellule_cliquee(self, rangee: lignes.Rangee | None, colonne: str) -> None:
        """A click on an amount asks why."""
        if colonne in GROUPE_DE and rangee is not None and rangee.tarifee is not None:
            self.pourquoi.show()
            self.pourquoi.montrer(rangee.tarifee, colonne)

    def _editer(self, rang: int, champs: dict[str, Any]) -> None:
        if 0 <= rang < len(self._saisie.actuelle.lignes):
            self._saisie.remplacer_ligne(rang, **champs)

    def _associer(self, codes: dict[int, str]) -> None:
        """Every line at once: one Ctrl+Z takes them back."""
        lignes = enumerate(self._saisie.actuelle.lignes)
        self._saisie.modifier(lignes=tuple(
            replace(ligne, association=codes[rang] or None) if rang in codes else ligne for rang, ligne in lignes
        ))

    def _suivre_l_editeur(self) -> None:
        """What was undone, or removed, is not edited any more."""
        rang, demandees = self.editeur.rang, self._saisie.actuelle.lignes
        if rang < 0:
            return
        if rang >= len(demandees):
            self.editeur.hide()
            return
        self.editeur.suivre(demandees[rang])
        self.permis.montrer(rang, demandees[rang])
        self.editeur.dire(de_la_ligne(self._alertes, rang))
