"""What the billing pages of every profession share: patient, prescriber, live price, alerts, securing, draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout

from sesam_desktop.cartes.vitale import CarteVitale
from sesam_desktop.factures.facture import Alerte, Executant, FactureSecurisee, Tarification
from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.bandeau import Bandeau
from ..composants.code_porteur import avec_session
from ..composants.etiquette import Etiquette
from ..composants.tableau import Tableau
from ..modeles.table import Colonne, ModeleTable
from ..pages.page import Page
from . import lignes
from .beneficiaire import ChoixBeneficiaire
from .brouillons import Brouillon
from .editeur import EditeurLigne
from .patient import LignePatient
from .pourquoi import Pourquoi
from .prescription import LignePrescription
from .saisie import Composition, Saisie, depuis_facture
from .sans_carte import PatientSansCarte
from .totaux import LigneTotaux


def aujourd_hui() -> date:
    """The counter's own calendar day."""
    return date.today()  # noqa: DTZ011


class Feuille(Page):
    """Bones of a billing page. Subclasses say their columns, their entry, and how a line is made."""

    ecoute: ClassVar[tuple[str, ...]] = ("cartes", "referentiels")
    colonnes: ClassVar[Callable[[], list[Colonne]]]
    nom_tableau: ClassVar[str]

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self.saisie = Saisie(aujourd_hui(), self)
        self.tarification: Tarification | None = None
        self.brouillon = Brouillon(atelier, self)
        self._serie_montree = ""
        self._faire_widgets()
        self._faire_actions()
        self.disposer()
        self.saisie.change.connect(self._composition_changee)
        self._composition_changee()

    # -- what subclasses give --------------------------------------------------------------------------------------

    def disposer(self) -> None:
        """Lay the page out."""
        raise NotImplementedError

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
        self.pourquoi = Pourquoi()
        self.editeur = EditeurLigne()
        self.alertes = Bandeau()
        self.totaux = LigneTotaux()
        self.niveau = Etiquette()
        self.sans_carte.clicked.connect(self.choisir_patient)
        self.prescription.choisie.connect(lambda p: self.saisie.modifier(prescription=p))
        self.prescription.refusee.connect(lambda phrase: self.bandeau.dire(phrase, "erreur"))
        self.tableau.choisie.connect(self._ligne_choisie)
        self.editeur.change.connect(self._editer)

    def _faire_actions(self) -> None:
        ajouter = self.ajouter_action
        ajouter("&Patient", "F2", self.choisir_patient)
        ajouter("P&rescripteur", "F3", self.prescription.champ.setFocus)
        ajouter("&Ligne", "F4", self.aller_a_la_saisie)
        ajouter("&Modifier la ligne", "F6", self.modifier_ligne, indice="modifier")
        self.action_pourquoi = ajouter("Pour&quoi ?", "F8", self.basculer_pourquoi, icone="question")
        self.action_retirer = ajouter("Retirer la ligne", "Ctrl+Del", self.retirer_ligne, indice="retirer")
        ajouter("Défaire", "Ctrl+Z", self.saisie.annuler)
        ajouter("Refaire", "Ctrl+Shift+Z", self.saisie.retablir)
        ajouter("&Sécuriser", "F10", self.securiser, icone="fait", principale=True)
        ajouter("Tout effacer", "Escape", self.abandonner, indice="effacer")

    def centre(self) -> QSplitter:
        """The table, and the reasons beside it."""
        partage = QSplitter(Qt.Orientation.Horizontal)
        partage.addWidget(self.tableau)
        partage.addWidget(self.pourquoi)
        partage.setStretchFactor(0, 3)
        partage.setStretchFactor(1, 1)
        return partage

    def bas(self) -> QVBoxLayout:
        """Alerts, then totals and the primary action."""
        colonne = QVBoxLayout()
        self.secondaires = QHBoxLayout()
        self.secondaires.addWidget(self.alertes, 1)
        self.secondaires.addStretch(0)
        pourquoi = self.bouton(self.action_pourquoi)
        self.secondaires.addWidget(pourquoi, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        colonne.addWidget(self.editeur)
        colonne.addLayout(self.secondaires)
        colonne.addLayout(self.pied(self.niveau, droite=self.totaux))
        return colonne

    # -- cards -----------------------------------------------------------------------------------------------------

    def rafraichir(self) -> None:
        """A card came or left: its patient comes with it; the price waits for the professional's code."""
        carte = self.atelier.poste.lecteurs.vitale
        serie = carte.numero_serie or carte.assure.nir if carte is not None else ""
        if carte is not None and serie != self._serie_montree:
            self._accueillir(carte)
        self._serie_montree = serie
        self._tarifer()

    def _accueillir(self, carte: CarteVitale) -> None:
        """A new card brings its patient, unless an invoice of somebody else is being composed."""
        composition = self.saisie.actuelle
        if composition.patient is None or not composition.lignes or self._est_du_patient(carte):
            self.lire_patient()
        else:
            self.bandeau.dire(
                "La carte insérée n'est pas celle du patient de cette facture.", "avertissement",
                suite="Nouvelle facture pour cette carte", action=self._nouveau_patient,
            )

    def _est_du_patient(self, carte: CarteVitale) -> bool:
        patient = self.saisie.actuelle.patient
        return patient is not None and patient.nir == carte.assure.nir

    def _nouveau_patient(self) -> None:
        self.saisie.poser(Composition(aujourd_hui()))
        self.lire_patient()

    def lire_patient(self) -> None:
        """Take the patient of the card; ask who when there are several."""
        carte = self.atelier.poste.lecteurs.vitale
        if carte is None:
            return
        if len(carte.beneficiaires) == 1:
            self._prendre(carte, 0)
            return
        choix = ChoixBeneficiaire(carte, self.saisie.actuelle.date_soins, self)
        choix.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choix.accepted.connect(lambda: self._prendre(carte, choix.rang))
        choix.open()

    def _prendre(self, carte: CarteVitale, rang: int) -> None:
        jour = self.saisie.actuelle.date_soins
        self.atelier.taches.lancer(
            "base", lambda _: self.atelier.poste.droits.patient(carte, rang, jour),
            resultat=lambda lu: self.saisie.modifier(patient=lu.patient, lu=lu),
            erreur=lambda e: self.bandeau.dire_erreur(e, suite="Facturer sans carte", action=self.patient_sans_carte),
            proprietaire=self,
        )

    def choisir_patient(self) -> None:
        """F2: the card that is in when it is not the patient shown, otherwise a patient without card."""
        carte = self.atelier.poste.lecteurs.vitale if self.atelier.ouvert else None
        if carte is not None and (
            self.saisie.actuelle.lu is None or not self._est_du_patient(carte) or len(carte.beneficiaires) > 1
        ):
            self.lire_patient()
        else:
            self.patient_sans_carte()

    def patient_sans_carte(self) -> None:
        """Degraded mode: a patient seen before, or typed in."""
        dialogue = PatientSansCarte(self.atelier, self)
        dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialogue.accepted.connect(lambda: self.saisie.modifier(patient=dialogue.patient, lu=None))
        dialogue.open()

    # -- lines -----------------------------------------------------------------------------------------------------

    def aller_a_la_saisie(self) -> None:
        """F4: where a line is typed."""
        raise NotImplementedError

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
        self._ligne_choisie(self.tableau.courante)

    def _ligne_choisie(self, rangee: lignes.Rangee | None) -> None:
        self.pourquoi.montrer(rangee.tarifee if rangee else None)

    def _editer(self, rang: int, champs: dict[str, Any]) -> None:
        if rang < len(self.saisie.actuelle.lignes):
            self.saisie.remplacer_ligne(rang, **champs)

    # -- price -----------------------------------------------------------------------------------------------------

    def _composition_changee(self) -> None:
        composition = self.saisie.actuelle
        self.patient.montrer(composition, composition.date_soins)
        self.prescription.montrer(composition.prescription, composition.date_soins)
        self.niveau.ecrire("" if composition.patient is None else _NIVEAUX[composition.niveau.value])
        self.principale.setEnabled(composition.patient is not None and bool(composition.lignes))  # type: ignore[union-attr]
        self._montrer(None)
        self._tarifer()

    def _tarifer(self) -> None:
        composition = self.saisie.actuelle
        if not self.atelier.ouvert or composition.patient is None:
            self._dire_alertes(())
            return
        self.brouillon.garder(composition.facture(Executant(self.atelier.poste.configuration.profession, "")))
        self.atelier.taches.lancer(
            "tarif", lambda _: self._calculer(composition), resultat=lambda lu: self._recevoir(composition, *lu),
            erreur=self._refuser_prix, proprietaire=self, remplace="tarif",
        )

    def _calculer(self, composition: Composition) -> tuple[Tarification | None, tuple[Alerte, ...]]:
        """On the worker: price and remarks of what is composed."""
        service = self.atelier.poste.facturation
        facture = composition.facture(service.executant())
        if not composition.lignes:
            return None, ()
        return service.tarifer(facture), service.controler(facture)

    def _recevoir(
        self, composition: Composition, tarification: Tarification | None, alertes: tuple[Alerte, ...]
    ) -> None:
        if composition is not self.saisie.actuelle:
            return
        self._montrer(tarification)
        propres = composition.lu.alertes if composition.lu else ()
        self._dire_alertes((*propres, *(tarification.alertes if tarification else ()), *alertes))

    def _refuser_prix(self, erreur: ErreurConnue) -> None:
        if erreur.code == "PS_ABSENT":
            self.alertes.dire(erreur.phrase(), "information", suite="Saisir le code", action=self._ouvrir_session)
        else:
            self.alertes.dire_erreur(erreur, suite="Défaire", action=self.saisie.annuler)

    def _ouvrir_session(self) -> None:
        avec_session(self.atelier, self, self._tarifer)

    def _montrer(self, tarification: Tarification | None) -> None:
        self.tarification = tarification
        rangees = lignes.rangees(self.saisie.actuelle.lignes, tarification)
        self.tableau.remplacer(rangees, cle=lambda r: (r.saisie, r.ajoutee, r.tarifee.acte if r.ajoutee else ""))
        self.totaux.montrer(tarification.totaux if tarification else None)

    def _dire_alertes(self, alertes: tuple[Alerte, ...]) -> None:
        uniques = list(dict.fromkeys(alertes))
        if not uniques:
            self.alertes.taire()
            return
        bloquante = any(a.gravite == "bloquante" for a in uniques)
        phrases = "\n".join(a.message for a in sorted(uniques, key=lambda a: a.gravite != "bloquante"))
        self.alertes.dire(phrases, "erreur" if bloquante else "avertissement")

    # -- securing --------------------------------------------------------------------------------------------------

    def securiser(self) -> None:
        """F10: sign with the cards, after the code when no session is open."""
        if self.principale is not None and self.principale.isEnabled():
            avec_session(self.atelier, self, self._signer)

    def _signer(self) -> None:
        composition = self.saisie.actuelle
        self.principale.setEnabled(False)  # type: ignore[union-attr]
        self.bandeau.dire("Signature en cours : laissez les cartes dans les lecteurs.")
        self.atelier.taches.lancer(
            "lecteurs", lambda _: self._securiser(composition), resultat=self._signee, erreur=self._non_signee,
            proprietaire=self,
        )

    def _securiser(self, composition: Composition) -> FactureSecurisee:
        service = self.atelier.poste.facturation
        facture = composition.facture(service.executant())
        return service.securiser(facture, composition.niveau, remplace=composition.remplace)

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

    def signee(self, securisee: FactureSecurisee) -> None:
        """Told once an invoice is signed and kept."""

    def _non_signee(self, erreur: ErreurConnue) -> None:
        self.principale.setEnabled(True)  # type: ignore[union-attr]
        self.bandeau.dire_erreur(erreur, suite="Réessayer", action=self.securiser)

    # -- draft -----------------------------------------------------------------------------------------------------

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


_NIVEAUX = {"S": "Facture sécurisée", "D": "Facture dégradée, sans Vitale"}
