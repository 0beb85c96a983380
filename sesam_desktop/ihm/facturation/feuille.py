"""What the billing pages of every profession share: patient, prescriber, lines, live price, securing, draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sesam_desktop.factures.dre import DemandeSecurisee, DocumentSecurise
from sesam_desktop.factures.facture import Alerte, Tarification
from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.bandeau import Bandeau
from ..composants.champ_recherche import ChampRecherche
from ..composants.defilant import Defilant
from ..composants.etiquette import Etiquette
from ..composants.remarques import Remarques
from ..modeles.correction import ACorriger
from ..modeles.table import Colonne
from ..pages.page import Page
from .alertes import ZONES, bloque, dire_alertes, motif_d_attente, repartir, uniques
from .brouillons import Brouillon
from .choix_patient import ChoixPatient
from .correction import reprendre
from .etiquettes import etiquette_de
from .panneau import PanneauLignes
from .patient import LignePatient
from .prescription import LignePrescription
from .prix import Prix
from .refus import dire_refus
from .saisie import Composition, Saisie, aujourd_hui
from .signature import Signature
from .situation import LigneSituation
from .totaux import LigneTotaux

_NIVEAUX = {"S": "Facture sécurisée", "D": "Facture dégradée, sans Vitale"}

_LIGNES_HAUT, _LIGNES_BAS = 5, 4     # of text, always seen above and below the lines of the invoice


class Feuille(Page):
    """Bones of a billing page. Subclasses say their columns, their entry, and how a line is made."""

    ecoute: ClassVar[tuple[str, ...]] = ("cartes", "referentiels")
    colonnes: ClassVar[Callable[[], list[Colonne]]]
    nom_tableau: ClassVar[str]
    entree: ChampRecherche

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self.saisie = Saisie(aujourd_hui(), self)
        self.remarques = {zone: Remarques() for zone in ZONES}
        self._alertes_dites: tuple[Alerte, ...] = ()
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

    def signee(self, securisee: DocumentSecurise) -> None:
        """Told once an invoice is signed and kept."""

    # -- building --------------------------------------------------------------------------------------------------

    def _faire_widgets(self) -> None:
        self.sans_carte = QPushButton()
        self.sans_carte.setAccessibleName("Patient sans carte")
        self.patient = LignePatient(self.sans_carte)
        self.prescription = LignePrescription(self.atelier)
        self.situation = LigneSituation(aujourd_hui())
        self.panneau = PanneauLignes(
            self.atelier, self.saisie, self.bandeau, type(self).colonnes(), self.nom_tableau, self
        )
        self.tableau, self.pourquoi, self.editeur = self.panneau.tableau, self.panneau.pourquoi, self.panneau.editeur
        self.alertes, self.totaux = Bandeau(), LigneTotaux()
        self.niveau = Etiquette()

    def _relier(self) -> None:
        self.sans_carte.clicked.connect(self.choix.choisir)
        self.patient.tiers_payant_change.connect(lambda tiers, amc: self.saisie.modifier(tiers_payant=tiers, amc=amc))
        self.prescription.choisie.connect(lambda p: self.saisie.modifier(prescription=p))
        self.prescription.refusee.connect(lambda phrase: self.bandeau.dire(phrase, "erreur"))
        self.situation.change.connect(lambda champs: self.saisie.modifier(**champs))
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
        ajouter("&Modifier la ligne", "F6", self.panneau.modifier, indice="modifier")
        ajouter("Situation", "F7", self._basculer_situation)
        self.action_pourquoi = ajouter("Pour&quoi ?", "F8", self._basculer_pourquoi, icone="question")
        self.action_et_si = ajouter("&Et si ?", "Shift+F8", self.supposer, icone="comparer")
        self.action_retirer = ajouter("Retirer la ligne", "Ctrl+Del", self.panneau.retirer, indice="retirer")
        ajouter("Défaire", "Ctrl+Z", self.saisie.annuler)
        ajouter("Refaire", "Ctrl+Shift+Z", self.saisie.retablir)
        ajouter("Sécuriser", "F10", self.securiser, icone="fait", principale=True)
        ajouter("Tout effacer", "Escape", self.abandonner, indice="effacer")

    def rangees(self, *apres: QWidget, **autres: QWidget | None) -> Defilant:
        """The rows above the entry, by zone, each with its remarks under it, then the widgets `apres`."""
        zones = {"patient": self.patient, "situation": self.situation, "prescription": self.prescription, **autres}
        lignes = [w for zone, rangee in zones.items() if rangee is not None for w in (rangee, self.remarques[zone])]
        return Defilant(*lignes, *apres, lignes=_LIGNES_HAUT)

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
        self.secondaires.addWidget(self.bouton(self.action_et_si))
        self.secondaires.addWidget(self.bouton(self.action_pourquoi))
        colonne.addWidget(Defilant(self.editeur, self.alertes, lignes=_LIGNES_BAS))
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

    def supposer(self) -> None:
        """Shift+F8: the same invoice on another date or in another situation; nothing of it is changed."""
        from .et_si import EtSi

        composition = self.saisie.actuelle
        if composition.patient is None or not composition.lignes:
            self.bandeau.dire("Choisissez un patient et au moins une ligne avant de comparer.")
            return
        EtSi(self.atelier, composition, self).open()

    def _basculer_pourquoi(self) -> None:
        """F8: the arrows then go from an amount to the next; F8 again, and one goes on typing."""
        self.panneau.basculer_pourquoi()
        (self.entree if self.pourquoi.isHidden() else self.tableau).setFocus()

    def _basculer_situation(self) -> None:
        """F7: show what is not usual, or put it away."""
        self.situation.setVisible(self.situation.isHidden())
        (self.entree if self.situation.isHidden() else self.situation.nature).setFocus()

    def _composition_changee(self) -> None:
        composition = self.saisie.actuelle
        self.patient.montrer(composition, composition.date_soins)
        self.prescription.montrer(composition.prescription, composition.date_soins)
        self.situation.accidents = self._accidents(composition)
        self.situation.montrer(composition)
        self.panneau.montrer(None, self._alertes_dites, attente=composition.patient is not None)
        self.totaux.montrer(None)
        self._dire_attente()
        self.brouillon.garder(composition)
        self.prix.demander()

    def _accidents(self, composition: Composition) -> tuple[str, ...]:
        """Work accidents that the patient's card declares, by number."""
        carte = self.atelier.poste.lecteurs.vitale if composition.lu is not None else None
        return tuple(at.identifiant for at in carte.at if at.identifiant) if carte is not None else ()

    def _prix_connu(self, tarification: Tarification | None, alertes: tuple[Alerte, ...]) -> None:
        self._alertes_dites = tuple(uniques(alertes))
        self.panneau.montrer(tarification, self._alertes_dites)
        self.totaux.montrer(tarification.totaux if tarification else None)
        montrees = [zone for zone, remarques in self.remarques.items() if remarques.parent() is not None]
        par_zone = repartir(self._alertes_dites, montrees)
        for zone in montrees:
            siennes = par_zone.get(zone, [])
            self.remarques[zone].dire([a.message for a in siennes], bloque=bloque(siennes))
        dire_alertes(self.alertes, par_zone.get("", []), lambda: self.atelier.demander("referentiels"))
        self._dire_attente()

    def _prix_refuse(self, erreur: ErreurConnue) -> None:
        self._prix_connu(None, ())
        dire_refus(self, self.alertes, erreur, "Défaire", self.saisie.annuler, session=self.prix.demander)

    def _dire_attente(self) -> None:
        """« Sécuriser » is off while something keeps from it, and says what."""
        composition = self.saisie.actuelle
        motif = motif_d_attente(composition.patient is not None, bool(composition.lignes), self._alertes_dites)
        self.principale.setEnabled(not motif)  # type: ignore[union-attr]
        self.principale.setToolTip(motif or self.principale.iconText())  # type: ignore[union-attr]
        self.niveau.ecrire(motif or _NIVEAUX[composition.niveau.value])

    # -- securing --------------------------------------------------------------------------------------------------

    def securiser(self) -> None:
        """F10: sign with the cards, after the code when no session is open."""
        if self.principale is not None and self.principale.isEnabled():
            self.signature.demander()

    def _signature_commencee(self) -> None:
        self.principale.setEnabled(False)  # type: ignore[union-attr]
        self.bandeau.dire("Signature en cours : laissez les cartes dans les lecteurs.")

    def _signee(self, securisee: DocumentSecurise) -> None:
        numero = securisee.facture.numero
        self.brouillon.oublier()
        self.editeur.hide()
        self.saisie.recommencer(aujourd_hui())
        if isinstance(securisee, DemandeSecurisee):
            message = f"Demande {numero} à la complémentaire sécurisée : rien n'est à la charge de la caisse."
            self.bandeau.dire(f"{message} Vous pouvez retirer la carte Vitale.", "succes")
        else:
            self.bandeau.dire(
                f"Facture {numero} sécurisée. Vous pouvez retirer la carte Vitale.", "succes", suite="Voir la facture",
                action=lambda: self.atelier.demander("factures", numero),
            )
        self.signee(securisee)

    def _non_signee(self, erreur: ErreurConnue) -> None:
        self.principale.setEnabled(True)  # type: ignore[union-attr]
        dire_refus(self, self.bandeau, erreur, "Réessayer", self.securiser)

    def montrer(self, argument: object) -> None:
        """An invoice that came back, to correct."""
        if isinstance(argument, ACorriger):
            reprendre(self, argument)

    def reprendre(self, composition: Composition) -> None:
        """Show `composition`, undoable."""
        self.saisie.poser(composition)

    def abandonner(self) -> None:
        """Escape: close what is open, then empty the page (Ctrl+Z brings everything back)."""
        if not self.panneau.fermer() and not self.saisie.actuelle.vide:
            self.brouillon.oublier()
            self.saisie.poser(Composition(aujourd_hui()))
            self.bandeau.dire("Facture effacée.", suite="Défaire  Ctrl+Z", action=self.saisie.annuler)
        self.aller_a_la_saisie()
