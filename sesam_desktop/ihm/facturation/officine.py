"""Facturer at the pharmacy counter: scan, check, sign, next patient."""

from __future__ import annotations

import re
from typing import Any

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.noyau import montants
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.noyau.identifiants import cip13_depuis_scan

from ..atelier import Atelier
from ..composants.champ_recherche import ChampRecherche
from .douchette import Douchette
from .feuille import Feuille
from .lignes import colonnes_officine
from .saisie import depuis_facture


class Officine(Feuille):
    """The page of the pharmacist."""

    cle, titre = "facturer", "Facturer"
    colonnes = colonnes_officine
    nom_tableau = "officine"

    def __init__(self, atelier: Atelier) -> None:
        self.entree = ChampRecherche(
            atelier, "Ajouter un produit", self._chercher, presenter, minimum=3
        )
        self.entree.setPlaceholderText("Scannez une boîte, ou tapez un nom, un code CIP, « LPP 1234567 12,50 »")
        super().__init__(atelier)
        self.entree.choisi.connect(lambda produit: self._ajouter(LigneSaisie("MEDICAMENT", cip13=produit.cip13)))
        self.entree.valide.connect(self.ajouter_texte)
        self.douchette = Douchette(self)
        self.douchette.scannee.connect(self.ajouter_texte)
        self.douchette.quantite.connect(self.quantite)
        self.douchette.saisie.connect(self._ecrire)
        self.douchette.veiller()
        self._brouillon_demande = False
        self.setFocusProxy(self.entree)

    def disposer(self) -> None:
        """As drawn: patient, prescriber, entry, lines, alerts, totals."""
        self.colonne.addWidget(self.patient)
        self.colonne.addWidget(self.prescription)
        self.colonne.addLayout(self.rangee_de_saisie())
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(self.centre(), 1)
        self.colonne.addLayout(self.bas())

    def rafraichir(self) -> None:
        """First time: the draft left by the last session, then the cards."""
        if not self._brouillon_demande:
            self._brouillon_demande = True
            self.brouillon.retrouver(self._retrouver)
        super().rafraichir()

    def ajouter_texte(self, texte: str) -> None:
        """A scan, a code, or « LPP code price »."""
        try:
            self._ajouter(lire_ligne(texte))
        except EntreeInvalide as erreur:
            self.bandeau.dire_erreur(erreur)
            self.entree.selectAll()

    def _chercher(self, texte: str) -> list[Any]:
        if re.match(r"(?i)lpp\b|[0-9\]]", texte):
            return []
        return self.atelier.poste.referentiels.chercher(texte, self.saisie.actuelle.date_soins)

    def _ajouter(self, ligne: LigneSaisie) -> None:
        """A medicine must be known before its line appears; what is wrong is said beside the field."""
        if not ligne.cip13:
            self._accepter(ligne)
            return
        jour = self.saisie.actuelle.date_soins
        self.atelier.taches.lancer(
            "tarif", lambda _: self._exiger_connu(ligne, jour), resultat=self._accepter,
            erreur=self.bandeau.dire_erreur, proprietaire=self,
        )

    def _exiger_connu(self, ligne: LigneSaisie, jour: Any) -> LigneSaisie:
        if not self.atelier.poste.referentiels.chercher(ligne.cip13, jour):
            raise ErreurConnue(
                f"Le code CIP {ligne.cip13} n'est pas dans la base des médicaments de ce poste.", code="CIP_INCONNU",
                action="Vérifiez la boîte, ou mettez à jour la base dans Référentiels.",
            )
        return ligne

    def _accepter(self, ligne: LigneSaisie) -> None:
        self.bandeau.taire()
        self.entree.clear()
        self.saisie.ajouter(ligne)
        rangees = self.tableau.modele.rangees
        memes = (i for i, r in enumerate(rangees) if r.demande.cip13 == ligne.cip13 and not r.ajoutee)
        self.tableau.aller(next(memes, len(rangees) - 1) if ligne.cip13 else len(rangees) - 1)

    def _ecrire(self, texte: str) -> None:
        self.entree.setFocus()
        self.entree.setText(texte)
        self.entree.textEdited.emit(texte)

    def _retrouver(self, facture: Any) -> None:
        if self.saisie.actuelle.vide:
            self.reprendre(depuis_facture(facture))
            self.bandeau.dire(
                "Facture retrouvée telle que vous l'aviez laissée.", suite="L'effacer", action=self.abandonner
            )


def lire_ligne(texte: str) -> LigneSaisie:
    """The line that `texte` asks for. Raises EntreeInvalide."""
    if lpp := re.fullmatch(r"(?i)lpp\s+([0-9]{7})(?:\s+([0-9]+(?:[.,][0-9]{1,2})?))?", texte.strip()):
        prix = montants.lire_montant(lpp.group(2)) if lpp.group(2) else None
        return LigneSaisie("LPP", code=lpp.group(1), montant_facture_centimes=prix)
    return LigneSaisie("MEDICAMENT", cip13=cip13_depuis_scan(texte))


def presenter(produit: Any) -> str:
    """One result of the search: name, then price or why there is none."""
    prix = montants.formater(produit.prix_centimes, unite="€") if produit.prix_centimes is not None else "prix libre"
    return f"{produit.libelle}, {produit.presentation}  ·  {prix}"
