"""Facturer for those who bill acts: the tour at the left, acts as chips, kilometres, hour; sign now or later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from sesam_desktop.factures.actes import trouver_acte
from sesam_desktop.factures.dre import DocumentSecurise
from sesam_desktop.factures.facture import Facture, LigneSaisie, Patient
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.referentiels import tables

from ..atelier import Atelier
from ..composants.champ_recherche import ChampRecherche
from ..modeles.professions import METIERS
from .catalogue import Proposition, proposer
from .champs_ligne import admis_par
from .entree_actes import ecrire_acte, lire_acte, sans_coefficient
from .feuille import Feuille
from .lignes import colonnes_actes
from .meme_toit import MemeToit
from .parcours import LigneParcours
from .puces import Puces
from .saisie import Composition, aujourd_hui, depuis_facture
from .tournee import Tournee, nom
from .visite import Visite

_EN_TOURNEE = ("infirmier", "masseur_kinesitherapeute", "sage_femme", "orthophoniste", "pedicure")
_LARGEURS = (22, 152)    # letters: the tour, the invoice


class Actes(Feuille):
    """The page of the nurse, and of the doctor with the acts typed and the « parcours »."""

    cle, titre = "facturer", "Facturer"
    ecoute = ("cartes", "referentiels", "factures")
    colonnes = colonnes_actes
    nom_tableau = "actes"

    def __init__(self, atelier: Atelier) -> None:
        profession = atelier.poste.configuration.profession
        self._tour = Tournee(atelier, "To&urnée" if profession in _EN_TOURNEE else "Pat&ients")
        self.tournee = self._tour.liste
        self.parcours = LigneParcours(aujourd_hui()) if profession == "medecin" else None
        self.puces, self.visite = Puces(), Visite(atelier)
        self.entree = ChampRecherche(
            atelier, "Ajouter un acte", self._chercher, lambda proposition: proposition.libelle
        )
        self.entree.setPlaceholderText(METIERS[profession].exemple)
        super().__init__(atelier)
        self.puces.proposer((), ())
        self.setFocusProxy(self.tournee)

    def disposer(self) -> None:
        """The tour at the left; the same bones as at the counter at the right."""
        droite = QWidget()
        page = QVBoxLayout(droite)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.rangees(self.puces, parcours=self.parcours, visite=self.visite))
        page.addLayout(self.rangee_de_saisie())
        page.addWidget(self.bandeau)
        page.addWidget(self.panneau.centre(), 1)
        page.addLayout(self.bas())
        partage = QSplitter(Qt.Orientation.Horizontal)
        partage.setChildrenCollapsible(False)
        partage.addWidget(self._tour)
        partage.addWidget(droite)
        partage.setStretchFactor(1, 1)
        partage.setSizes([self.fontMetrics().averageCharWidth() * lettres for lettres in _LARGEURS])
        self.colonne.addWidget(partage, 1)

    def rafraichir(self) -> None:
        """The tour again, then cards and price."""
        self._tour.rafraichir()
        super().rafraichir()

    def signee(self, securisee: DocumentSecurise) -> None:
        """Next patient of the tour."""
        self._patient_suivant(securisee.facture.demande)
        self.visite.maintenant()
        self.tournee.setFocus()

    def _patient_suivant(self, facture: Facture) -> None:
        self.toit.retenir(facture)
        self.visite.montrer_partage(partagee=False)
        self.puces.proposer((), ())

    def _faire_widgets(self) -> None:
        super()._faire_widgets()
        self.toit = MemeToit(self.atelier, self.saisie, self.visite, self.bandeau, self)

    def _relier(self) -> None:
        super()._relier()
        self.entree.valide.connect(self._taper)
        self.entree.choisi.connect(self._choisir)
        self.puces.basculee.connect(self._basculer)
        self.visite.change.connect(lambda _: self._poser(self.saisie.actuelle.lignes))
        self._tour.gardee.connect(self._reprendre_gardee)
        self._tour.visite.connect(self._repeter)
        if self.parcours is not None:
            self.parcours.choisi.connect(lambda code: self.saisie.modifier(parcours=code))

    def _faire_actions(self) -> None:
        super()._faire_actions()
        self._plus_tard = self.ajouter_action("Signer plus &tard", "F9", self.mettre_de_cote, icone="en-cours")
        self.ajouter_action("Tournée", "F5", self.tournee.setFocus)

    def bas(self) -> QVBoxLayout:
        """With « signer plus tard » beside the reasons."""
        colonne = super().bas()
        self.secondaires.insertWidget(1, self.bouton(self._plus_tard))
        return colonne

    def _composition_changee(self) -> None:
        super()._composition_changee()
        if self.parcours is not None:
            self.parcours.montrer(self.saisie.actuelle.parcours)
        self.toit.suivre()

    # -- tour ------------------------------------------------------------------------------------------------------

    def _reprendre_gardee(self, identifiant: int, facture: Facture) -> None:
        self.atelier.taches.lancer(
            "base", lambda _: self.atelier.poste.facturation.reprendre_brouillon(identifiant),
            resultat=lambda _: self._montrer_gardee(facture), proprietaire=self, erreur=self.bandeau.dire_erreur,
        )

    def _montrer_gardee(self, facture: Facture) -> None:
        if facture.lignes:
            self.visite.montrer_facture(facture)
        self.puces.proposer(facture.lignes, facture.lignes)
        self.reprendre(depuis_facture(facture))

    def _repeter(self, derniere: Facture) -> None:
        """The same prescription and the acts it had, none billed yet: each chip pressed is one more line."""
        patient = derniere.beneficiaire
        lignes = tuple(replace(ligne, date=None, complement="") for ligne in derniere.lignes)
        premiere = lignes[0] if lignes else LigneSaisie("")
        self.visite.montrer(premiere.domicile, premiere.ik_km)
        self.puces.proposer(lignes, ())
        meme = self._lu_de(patient)
        self.reprendre(replace(
            meme or Composition(aujourd_hui(), patient=patient), date_soins=aujourd_hui(), lignes=(),
            prescription=derniere.prescription, parcours=derniere.parcours,
        ))
        self.aller_a_la_saisie()

    def _lu_de(self, patient: Patient) -> Composition | None:
        """The composition shown, when it holds this patient's card."""
        actuelle = self.saisie.actuelle
        lu = actuelle.lu
        du_patient = lu is not None and (lu.patient.nir, lu.patient.rang) == (patient.nir, patient.rang)
        return actuelle if du_patient else None

    # -- acts ------------------------------------------------------------------------------------------------------

    def _chercher(self, texte: str) -> list[Proposition]:
        return proposer(self.atelier.poste, texte, self.saisie.actuelle.date_soins)

    def _choisir(self, proposition: Proposition) -> None:
        """An act of the list; the one that needs a coefficient waits for it in the field."""
        if proposition.ligne is not None:
            self._ajouter(proposition.ligne)
        elif proposition.source:
            self.entree.clear()
            self.atelier.demander("referentiels", proposition.source)
        else:
            self.entree.setText(proposition.suite)

    def _taper(self, texte: str) -> None:
        try:
            ligne = lire_acte(texte)
        except EntreeInvalide as erreur:
            self.bandeau.dire_erreur(erreur)
            return
        acte = trouver_acte(tables, ligne, self.saisie.actuelle.date_soins)
        if acte is not None and acte["coefficient"] and sans_coefficient(texte):
            self.entree.setText(f"{ligne.acte} ")
            self.bandeau.dire(f"{ligne.acte} se cote avec un coefficient : écrivez-le à la suite, puis Entrée.")
            return
        self._ajouter(ligne)

    def _ajouter(self, ligne: LigneSaisie) -> None:
        self.bandeau.taire()
        self.entree.clear()
        self._poser((*self.saisie.actuelle.lignes, ligne))
        rang = len(self.saisie.actuelle.lignes) - 1
        self.tableau.aller(next((i for i, r in enumerate(self.tableau.modele.rangees) if r.saisie == rang), 0))
        if ligne.acte == "CCAM":                  # its modifiers are proposed at once, the keyboard stays here
            self.panneau.ouvrir(rang, saisir=False)

    def _basculer(self, ligne: LigneSaisie, voulue: bool) -> None:
        lignes = self.saisie.actuelle.lignes
        if voulue:
            self._poser((*lignes, ligne))
        else:
            self._poser(tuple(autre for autre in lignes if ecrire_acte(autre) != ecrire_acte(ligne)))

    def _poser(self, lignes: tuple[LigneSaisie, ...]) -> None:
        """Every act takes the hour and the place of the visit that its kind admits; one carries the kilometres."""
        champs: dict[str, Any] = self.visite.champs()
        km, complement, jour = champs.pop("ik_km") * champs["domicile"], champs.pop("complement"), champs["date"]
        partage = champs.pop("deplacement_partage")
        posees = []
        for ligne in lignes:
            admis = admis_par(ligne, jour)
            deplacement = km if "ik_km" in admis else 0
            posees.append(replace(
                ligne, ik_km=deplacement, complement=complement if "complement" in admis else "",
                deplacement_partage=partage and "deplacement_partage" in admis, **champs,
            ))
            km -= deplacement
        self.saisie.modifier(lignes=tuple(posees), date_soins=jour)

    # -- later -----------------------------------------------------------------------------------------------------

    def mettre_de_cote(self) -> None:
        """F9: keep this invoice, to be signed with the patient's card at the next visit."""
        composition = self.saisie.actuelle
        if composition.patient is None or not composition.lignes:
            self.bandeau.dire("Choisissez un patient et au moins un acte avant de mettre la facture de côté.")
            return
        self.atelier.taches.lancer(
            "base", lambda _: self._garder(composition), resultat=self._gardee,
            erreur=self.bandeau.dire_erreur, proprietaire=self,
        )

    def _garder(self, composition: Composition) -> Facture:
        service = self.atelier.poste.facturation
        facture = composition.facture(service.executant())
        service.garder_brouillon(facture)
        service.mettre_de_cote()
        return facture

    def _gardee(self, facture: Facture) -> None:
        self.saisie.recommencer(aujourd_hui())
        self._patient_suivant(facture)
        self.rafraichir()
        self.bandeau.dire(f"Facture de {nom(facture.beneficiaire)} gardée, à signer.", "succes")
        self.tournee.setFocus()
