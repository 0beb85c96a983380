"""Facturer for those who bill acts: the tour at the left, acts as chips, kilometres, hour; sign now or later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from sesam_desktop.factures.depot import Filtre
from sesam_desktop.factures.facture import Facture, FactureSecurisee, LigneSaisie, Patient
from sesam_desktop.noyau.erreurs import EntreeInvalide

from ..atelier import Atelier
from .entree_actes import ecrire_acte, lire_acte
from .feuille import Feuille, aujourd_hui
from .lignes import colonnes_actes
from .puces import Puces
from .saisie import Composition, depuis_facture
from .visite import Visite

_COTE = Qt.ItemDataRole.UserRole


class Actes(Feuille):
    """The page of the nurse, and of the doctor with the acts typed."""

    cle, titre = "facturer", "Facturer"
    ecoute = ("cartes", "referentiels", "factures")
    colonnes = colonnes_actes
    nom_tableau = "actes"

    def __init__(self, atelier: Atelier) -> None:
        self.tournee = QListWidget()
        self.puces, self.visite = Puces(), Visite(atelier)
        self.entree = QLineEdit(placeholderText="AMI 4, BSB, G, un code CCAM…")
        super().__init__(atelier)
        self.tournee.setAccessibleName("Patients de la tournée")
        self.tournee.setWordWrap(True)
        self.tournee.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tournee.setSpacing(round(self.fontMetrics().height() / 4))
        self.entree.setAccessibleName("Ajouter un acte")
        self.entree.returnPressed.connect(self._ajouter)
        self.puces.basculee.connect(self._basculer)
        self.visite.change.connect(self._visite_changee)
        self.tournee.itemActivated.connect(self._choisir)
        self.tournee.itemClicked.connect(self._choisir)
        plus_tard = self.ajouter_action("Signer plus &tard", "F9", self.mettre_de_cote, icone="en-cours")
        self.secondaires.insertWidget(2, self.bouton(plus_tard), 0, Qt.AlignmentFlag.AlignTop)
        self.ajouter_action("Tournée", "F5", self.tournee.setFocus)
        self.setFocusProxy(self.tournee)

    def disposer(self) -> None:
        """The tour at the left; the same bones as at the counter at the right."""
        gauche, droite = QWidget(), QWidget()
        colonne = QVBoxLayout(gauche)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.titre_de("To&urnée", self.tournee))
        colonne.addWidget(self.tournee)
        page = QVBoxLayout(droite)
        page.setContentsMargins(0, 0, 0, 0)
        for widget in (self.patient, self.prescription, self.visite, self.puces):
            page.addWidget(widget)
        rangee = QHBoxLayout()
        etiquette = QLabel("A&jouter")
        etiquette.setBuddy(self.entree)
        rangee.addWidget(etiquette)
        rangee.addWidget(self.entree, 1)
        page.addLayout(rangee)
        page.addWidget(self.bandeau)
        page.addWidget(self.centre(), 1)
        page.addLayout(self.bas())
        partage = QSplitter(Qt.Orientation.Horizontal)
        partage.addWidget(gauche)
        partage.addWidget(droite)
        partage.setStretchFactor(1, 1)
        partage.setSizes([self.fontMetrics().averageCharWidth() * 34, self.fontMetrics().averageCharWidth() * 140])
        self.colonne.addWidget(partage, 1)

    def rafraichir(self) -> None:
        """The tour again, then cards and price."""
        self.atelier.taches.lancer(
            "base", lambda _: self._lire_tournee(), resultat=lambda lu: self._montrer_tournee(*lu), proprietaire=self,
            remplace="tournée",
        )
        super().rafraichir()

    def aller_a_la_saisie(self) -> None:
        """F4: the act field."""
        self.entree.setFocus()
        self.entree.selectAll()

    def signee(self, securisee: FactureSecurisee) -> None:
        """Next patient of the tour."""
        self.puces.proposer((), ())
        self.visite.maintenant()
        self.tournee.setFocus()

    # -- tour ------------------------------------------------------------------------------------------------------

    def _lire_tournee(self) -> tuple[list[tuple[int, Facture]], list[Patient]]:
        service = self.atelier.poste.facturation
        return service.brouillons(), service.patients("")

    def _montrer_tournee(self, gardes: list[tuple[int, Facture]], patients: list[Patient]) -> None:
        ici = self.tournee.currentRow()
        self.tournee.clear()
        for identifiant, facture in gardes:
            self._element(f"{_nom(facture.beneficiaire)}\nà signer", (identifiant, facture))
        for patient in patients:
            self._element(_nom(patient), patient)
        self.tournee.setCurrentRow(max(0, ici) if self.tournee.count() else -1)

    def _element(self, texte: str, valeur: Any) -> None:
        element = QListWidgetItem(texte)
        element.setData(_COTE, valeur)
        self.tournee.addItem(element)

    def _choisir(self, element: QListWidgetItem) -> None:
        valeur = element.data(_COTE)
        if isinstance(valeur, Patient):
            self._derniere_facture(valeur)
            return
        identifiant, facture = valeur
        self.atelier.taches.lancer(
            "base", lambda _: self.atelier.poste.facturation.reprendre_brouillon(identifiant),
            resultat=lambda _: self._reprendre_garde(facture), proprietaire=self, erreur=self.bandeau.dire_erreur,
        )

    def _reprendre_garde(self, facture: Facture) -> None:
        self.visite.montrer_facture(facture)
        self.puces.proposer(facture.lignes, facture.lignes)
        self.reprendre(depuis_facture(facture))

    def _derniere_facture(self, patient: Patient) -> None:
        self.atelier.taches.lancer(
            "base", lambda _: self._chercher_derniere(patient), resultat=lambda d: self._repeter(patient, d),
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="dernière",
        )

    def _chercher_derniere(self, patient: Patient) -> Facture | None:
        registre = self.atelier.poste.registre
        resumes = registre.lister(Filtre(texte=patient.nir, limite=10))
        for resume in resumes:
            demande = registre.charger(resume.numero).facture.demande
            meme_metier = demande.executant.profession == self.atelier.poste.configuration.profession
            if demande.beneficiaire.rang == patient.rang and meme_metier:
                return demande
        return None

    def _repeter(self, patient: Patient, derniere: Facture | None) -> None:
        """The same prescription and the acts it had, none billed yet: each chip pressed is one more line."""
        lignes = tuple(replace(ligne, date=None, complement="") for ligne in derniere.lignes) if derniere else ()
        premiere = lignes[0] if lignes else LigneSaisie("")
        self.visite.montrer(premiere.domicile, premiere.ik_km)
        self.puces.proposer(lignes, ())
        lu = self.saisie.actuelle.lu
        meme = lu if lu is not None and lu.patient.nir == patient.nir and lu.patient.rang == patient.rang else None
        self.reprendre(Composition(
            aujourd_hui(), patient=meme.patient if meme else patient, lu=meme,
            prescription=derniere.prescription if derniere else None,
        ))
        self.aller_a_la_saisie()

    # -- acts ------------------------------------------------------------------------------------------------------

    def _ajouter(self) -> None:
        if not self.entree.text().strip():
            return
        try:
            ligne = lire_acte(self.entree.text())
        except EntreeInvalide as erreur:
            self.bandeau.dire_erreur(erreur)
            return
        self.bandeau.taire()
        self.entree.clear()
        self._poser((*self.saisie.actuelle.lignes, ligne))

    def _basculer(self, ligne: LigneSaisie, voulue: bool) -> None:
        lignes = self.saisie.actuelle.lignes
        if voulue:
            self._poser((*lignes, ligne))
        else:
            self._poser(tuple(autre for autre in lignes if ecrire_acte(autre) != ecrire_acte(ligne)))

    def _visite_changee(self, _champs: dict[str, Any]) -> None:
        self._poser(self.saisie.actuelle.lignes)

    def _poser(self, lignes: tuple[LigneSaisie, ...]) -> None:
        """Every act takes the hour and the place of the visit; the first one carries the kilometres."""
        champs = self.visite.champs()
        km = champs.pop("ik_km") * champs["domicile"]
        posees = tuple(replace(ligne, ik_km=km if rang == 0 else 0, **champs) for rang, ligne in enumerate(lignes))
        self.saisie.modifier(lignes=posees, date_soins=champs["date"])

    # -- later -----------------------------------------------------------------------------------------------------

    def mettre_de_cote(self) -> None:
        """F9: keep this invoice, to be signed with the patient's card at the next visit."""
        composition = self.saisie.actuelle
        if composition.patient is None or not composition.lignes:
            self.bandeau.dire("Choisissez un patient et au moins un acte avant de mettre la facture de côté.")
            return
        self.atelier.taches.lancer(
            "base", lambda _: self._garder(composition), resultat=lambda _: self._gardee(composition.patient),
            erreur=self.bandeau.dire_erreur, proprietaire=self,
        )

    def _garder(self, composition: Composition) -> None:
        service = self.atelier.poste.facturation
        service.garder_brouillon(composition.facture(service.executant()))
        service.mettre_de_cote()

    def _gardee(self, patient: Patient | None) -> None:
        self.saisie.recommencer(aujourd_hui())
        self.puces.proposer((), ())
        self.rafraichir()
        self.bandeau.dire(f"Facture de {_nom(patient)} gardée, à signer." if patient else "Facture gardée.", "succes")
        self.tournee.setFocus()


def _nom(patient: Patient) -> str:
    return f"{patient.nom} {patient.prenom.title()}".strip()
