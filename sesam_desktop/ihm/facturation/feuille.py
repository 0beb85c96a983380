"""What the billing pages of every profession share: patient, prescriber, lines, live price, securing, draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from sesam_desktop.factures.facture import Alerte, FactureSecurisee, Tarification
from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.bandeau import Bandeau
from ..composants.tableau import Tableau
from ..modeles.table import Colonne, ModeleTable
from ..pages.page import Page
from . import lignes
from .alertes import dire_alertes
from .brouillons import Brouillon
from .centre import Centre
from .choix_patient import ChoixPatient
from .editeur import EditeurLigne
from .etiquettes import etiquette_de
from .patient import LignePatient
from .pourquoi import GROUPE_DE, Pourquoi
from .prescription import LignePrescription
from .prix import Prix
from .refus import dire_refus
from .saisie import Composition, Saisie, aujourd_hui, depuis_facture
from .signature import Signature
from .totaux import LigneTotaux

_NIVEAUX = {"S": "Facture sécurisée", "D": "Facture dégradée, sans Vitale"}


class Feuille(Page):
    """Bones of a billing page. Subclasses say their columns, their entry, and how a line is made."""

    ecoute: ClassVar[tuple[str, ...]] = ("cartes", "referentiels")
    colonnes: ClassVar[Callable[[], list[Colonne]]]
    nom_tableau: ClassVar[str]
    entree: QLineEdit

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self.saisie = Saisie(aujourd_hui(), self)
        self.tarification: Tarification | None = None
        self.brouillon = Brouillon(atelier, self)
        self.choix = ChoixPatient(atelier, self.saisie, self.bandeau, self)
        self.prix, self.signature = Prix(atelier, self.saisie, self), Signature(atelier, self.saisie, self)
        self._faire_widgets()
        self._faire_actions()
        self.disposer()
        self._relier()
        self._composition_changee()

    def disposer(self) -> None:
        """Lay the page out."""
        raise NotImplementedError

    def signee(self, securisee: FactureSecurisee) -> None:
        """Told once an invoice is signed and kept."""

    # -- building --------------------------------------------------------------------------------------------------

    def _faire_widgets(self) -> None:
        self.sans_carte = QPushButton()
        self.sans_carte.setAccessibleName("Patient sans carte")
        self.patient = LignePatient(self.sans_carte)
        self.prescription = LignePrescription(self.atelier)
        self.tableau = Tableau(
            self.nom_tableau, "Lignes de la facture", ModeleTable(type(self).colonnes()), self.atelier.reglages,
            triable=False,
        )
        self.pourquoi, self.editeur = Pourquoi(), EditeurLigne()
        self.alertes, self.totaux = Bandeau(), LigneTotaux()
        self.niveau = QLabel()

    def _relier(self) -> None:
        self.sans_carte.clicked.connect(self.choix.choisir)
        self.patient.tiers_payant_change.connect(lambda tiers, amc: self.saisie.modifier(tiers_payant=tiers, amc=amc))
        self.prescription.choisie.connect(lambda p: self.saisie.modifier(prescription=p))
        self.prescription.refusee.connect(lambda phrase: self.bandeau.dire(phrase, "erreur"))
        self.tableau.cellule.connect(self._cellule_choisie)
        self.tableau.cliquee.connect(self._cellule_cliquee)
        self.editeur.change.connect(self._editer)
        self.prix.connu.connect(self._prix_connu)
        self.prix.refuse.connect(self._prix_refuse)
        self.signature.commencee.connect(self._signature_commencee)
        self.signature.faite.connect(self._signee)
        self.signature.refusee.connect(self._non_signee)
        self.saisie.change.connect(self._composition_changee)

    def _faire_actions(self) -> None:
        ajouter = self.ajouter_action
        ajouter("&Patient", "F2", self.choix.choisir)
        ajouter("P&rescripteur", "F3", self.prescription.champ.setFocus)
        ajouter("&Ligne", "F4", self.aller_a_la_saisie)
        ajouter("&Modifier la ligne", "F6", self.modifier_ligne, indice="modifier")
        self.action_pourquoi = ajouter("Pour&quoi ?", "F8", self.basculer_pourquoi, icone="question")
        self.action_retirer = ajouter("Retirer la ligne", "Ctrl+Del", self.retirer_ligne, indice="retirer")
        ajouter("Défaire", "Ctrl+Z", self.saisie.annuler)
        ajouter("Refaire", "Ctrl+Shift+Z", self.saisie.retablir)
        ajouter("Sécuriser", "F10", self.securiser, icone="fait", principale=True)
        ajouter("Tout effacer", "Escape", self.abandonner, indice="effacer")

    def centre(self) -> Centre:
        """The table, and the reasons of one line."""
        return Centre(self.tableau, self.pourquoi)

    def rangee_de_saisie(self) -> QHBoxLayout:
        """The field where a line is typed, with its name."""
        rangee = QHBoxLayout()
        rangee.addWidget(etiquette_de("A&jouter", self.entree))
        rangee.addWidget(self.entree, 1)
        return rangee

    def bas(self) -> QVBoxLayout:
        """Alerts, then totals and the primary action."""
        colonne = QVBoxLayout()
        self.secondaires = QHBoxLayout()
        self.secondaires.addWidget(self.niveau, 1)
        self.secondaires.addWidget(self.bouton(self.action_pourquoi))
        colonne.addWidget(self.editeur)
        colonne.addWidget(self.alertes)
        colonne.addLayout(self.secondaires)
        colonne.addLayout(self.pied(droite=self.totaux))
        return colonne

    def rafraichir(self) -> None:
        """A card came or left: its patient comes with it; the price waits for the professional's code."""
        self.choix.suivre_la_carte()
        self.prix.demander()

    def aller_a_la_saisie(self) -> None:
        """F4: where a line is typed."""
        self.entree.setFocus()
        self.entree.selectAll()

    def modifier_ligne(self) -> None:
        """F6: the fields of the current line."""
        rangee = self.tableau.courante
        if rangee is None:
            self.bandeau.dire("Choisissez d'abord une ligne à modifier, avec les flèches.")
            return
        self.editeur.ouvrir(rangee.saisie, rangee.demande)

    def retirer_ligne(self) -> None:
        """Remove the current line; Ctrl+Z brings it back."""
        if (rangee := self.tableau.courante) is not None:
            self.editeur.hide()
            self.saisie.retirer(rangee.saisie)

    def quantite(self, nombre: int) -> None:
        """Digits on the table change the quantity of the current line."""
        rangee = self.tableau.courante
        if rangee is not None and nombre > 0:
            self.saisie.remplacer_ligne(rangee.saisie, quantite=nombre)

    def basculer_pourquoi(self) -> None:
        """F8: show or hide the reasons of the current line."""
        self.pourquoi.setVisible(self.pourquoi.isHidden())
        if self.tableau.courante is None and self.tableau.modele.rangees:
            self.tableau.aller(0)
        self._cellule_choisie(self.tableau.courante, self.tableau.colonne)

    def _cellule_choisie(self, rangee: lignes.Rangee | None, colonne: str) -> None:
        if rangee is None or rangee.tarifee is not None:     # while its price is asked, the last reasons stay
            self.pourquoi.montrer(rangee.tarifee if rangee else None, colonne)

    def _cellule_cliquee(self, rangee: lignes.Rangee | None, colonne: str) -> None:
        """A click on an amount asks why."""
        if colonne in GROUPE_DE and rangee is not None and rangee.tarifee is not None:
            self.pourquoi.show()
            self.pourquoi.montrer(rangee.tarifee, colonne)

    def _editer(self, rang: int, champs: dict[str, Any]) -> None:
        if rang < len(self.saisie.actuelle.lignes):
            self.saisie.remplacer_ligne(rang, **champs)

    def _composition_changee(self) -> None:
        composition = self.saisie.actuelle
        self.patient.montrer(composition, composition.date_soins)
        self.prescription.montrer(composition.prescription, composition.date_soins)
        self.niveau.setText("" if composition.patient is None else _NIVEAUX[composition.niveau.value])
        self.principale.setEnabled(composition.patient is not None and bool(composition.lignes))  # type: ignore[union-attr]
        self._montrer(None)
        self.brouillon.garder(composition)
        self.prix.demander()

    def _prix_connu(self, tarification: Tarification | None, alertes: tuple[Alerte, ...]) -> None:
        self._montrer(tarification)
        dire_alertes(self.alertes, alertes)

    def _prix_refuse(self, erreur: ErreurConnue) -> None:
        dire_refus(self, self.alertes, erreur, "Défaire", self.saisie.annuler, session=self.prix.demander)

    def _montrer(self, tarification: Tarification | None) -> None:
        self.tarification = tarification
        rangees = lignes.rangees(self.saisie.actuelle.lignes, tarification)
        self.tableau.remplacer(rangees, cle=lambda r: (r.saisie, r.ajoutee, r.tarifee.acte if r.ajoutee else ""))
        self.totaux.montrer(tarification.totaux if tarification else None)

    # -- securing --------------------------------------------------------------------------------------------------

    def securiser(self) -> None:
        """F10: sign with the cards, after the code when no session is open."""
        if self.principale is not None and self.principale.isEnabled():
            self.signature.demander()

    def _signature_commencee(self) -> None:
        self.principale.setEnabled(False)  # type: ignore[union-attr]
        self.bandeau.dire("Signature en cours : laissez les cartes dans les lecteurs.")

    def _signee(self, securisee: FactureSecurisee) -> None:
        numero = securisee.facture.numero
        self.brouillon.oublier()
        self.editeur.hide()
        self.saisie.recommencer(aujourd_hui())
        self.bandeau.dire(
            f"Facture {numero} sécurisée. Vous pouvez retirer la carte Vitale.", "succes", suite="Voir la facture",
            action=lambda: self.atelier.demander("factures", numero),
        )
        self.signee(securisee)

    def _non_signee(self, erreur: ErreurConnue) -> None:
        self.principale.setEnabled(True)  # type: ignore[union-attr]
        dire_refus(self, self.bandeau, erreur, "Réessayer", self.securiser)

    def montrer(self, argument: object) -> None:
        """A rejected invoice to correct: (facture, number it replaces)."""
        if isinstance(argument, tuple):
            facture, remplace = argument
            self.reprendre(depuis_facture(facture, remplace))

    def reprendre(self, composition: Composition) -> None:
        """Show `composition`, undoable."""
        self.saisie.poser(composition)

    def abandonner(self) -> None:
        """Escape: close what is open, then empty the page (Ctrl+Z brings everything back)."""
        if not self.editeur.isHidden():
            self.editeur.hide()
        elif not self.pourquoi.isHidden():
            self.pourquoi.hide()
        elif not self.saisie.actuelle.vide:
            self.brouillon.oublier()
            self.saisie.poser(Composition(aujourd_hui()))
            self.bandeau.dire("Facture effacée.", suite="Défaire  Ctrl+Z", action=self.saisie.annuler)
        self.aller_a_la_saisie()
