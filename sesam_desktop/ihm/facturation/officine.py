"""Facturer at the pharmacy counter: scan, check, sign, next patient."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.noyau.identifiants import cip7_valide, cip13_depuis_scan
from sesam_desktop.referentiels import tables

from ..atelier import Atelier
from ..composants.champ_recherche import ChampRecherche
from .alertes import ligne_de
from .catalogue import Proposition, proposer
from .douchette import Douchette
from .entree_actes import lire_acte
from .feuille import Feuille
from .lignes import colonnes_officine
from .saisie import depuis_facture

_LPP = r"(?i)(?:[a-z]{2,3}\s+[0-9]{7}|[0-9]{7}\s)"
_ACTE = r"(?i)[a-z]{2,4}[0-9]?(?:\s*[x×]\s*[0-9]{1,2})?"
_SANS_CODE = "LPP"
_INVITES = {
    "pharmacien": "Scannez une boîte, ou tapez un nom, un code CIP, « LPP 1234567 12,50 », un acte (VGP)",
    "fournisseur": "Code LPP et prix (1234567 12,50), ou les mots de l'article",
}


class Officine(Feuille):
    """The page of the pharmacist."""

    cle, titre = "facturer", "Facturer"
    colonnes = colonnes_officine
    nom_tableau = "officine"

    def __init__(self, atelier: Atelier) -> None:
        self.entree = ChampRecherche(
            atelier, "Ajouter un produit", self._chercher, lambda proposition: proposition.libelle, minimum=3
        )
        profession = atelier.poste.configuration.profession
        self.entree.setPlaceholderText(_INVITES.get(profession, _INVITES["pharmacien"]))
        super().__init__(atelier)
        self.entree.choisi.connect(self._choisir)
        self.entree.valide.connect(self.ajouter_texte)
        self.douchette = Douchette(self)
        self.douchette.scannee.connect(self.ajouter_texte)
        self.douchette.quantite.connect(self.panneau.quantite)
        self.douchette.saisie.connect(self._ecrire)
        self.douchette.veiller()
        self._brouillon_demande = False
        self.setFocusProxy(self.entree)

    def disposer(self) -> None:
        """As drawn: patient, prescriber, entry, lines, alerts, totals."""
        self.colonne.addWidget(self.rangees())
        self.colonne.addLayout(self.rangee_de_saisie())
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(self.panneau.centre(), 1)
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
            self._ajouter(lire_ligne(texte, self.atelier.poste.configuration.profession))
        except EntreeInvalide as erreur:
            self.bandeau.dire_erreur(erreur)
            self.entree.selectAll()

    def _chercher(self, texte: str) -> list[Proposition]:
        if re.match(r"(?i)[a-z]{2,3}\s+[0-9]|[0-9\]]", texte):
            return []
        return proposer(self.atelier.poste, texte, self.saisie.actuelle.date_soins)

    def _choisir(self, proposition: Proposition) -> None:
        if proposition.ligne is not None:
            self._ajouter(proposition.ligne)
        elif proposition.source:
            self.entree.clear()
            self.atelier.demander("referentiels", proposition.source)

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

    def _exiger_connu(self, ligne: LigneSaisie, jour: date) -> LigneSaisie:
        referentiels = self.atelier.poste.referentiels
        if not referentiels.chercher(ligne.cip13, jour):
            raise ErreurConnue(
                f"Le code CIP {ligne.cip13} n'est pas dans la base des médicaments de ce poste.", code="CIP_INCONNU",
                action="Vérifiez la boîte, ou mettez à jour la base dans Référentiels.",
            )
        return ligne

    def _accepter(self, ligne: LigneSaisie) -> None:
        self.bandeau.taire()
        self.entree.clear()
        if (rang := self._a_completer(ligne)) >= 0:
            self._completer(rang, ligne)
            return
        self.saisie.ajouter(ligne)
        rangees = self.tableau.modele.rangees
        memes = (i for i, r in enumerate(rangees) if r.demande.cip13 == ligne.cip13 and not r.ajoutee)
        self.tableau.aller(next(memes, len(rangees) - 1) if ligne.cip13 else len(rangees) - 1)

    def _a_completer(self, ligne: LigneSaisie) -> int:
        """The line whose prestation code was missing, when « MAD 1234567 » says it after « LPP 1234567 »; or -1."""
        refusees = {ligne_de(alerte) for alerte in self._alertes_dites if alerte.champ.endswith("].acte")}
        lignes = enumerate(self.saisie.actuelle.lignes)
        memes = (rang for rang, li in lignes if rang in refusees and li.acte == _SANS_CODE and li.code == ligne.code)
        return next(memes, -1)

    def _completer(self, rang: int, ligne: LigneSaisie) -> None:
        prix = ligne.montant_facture_centimes or self.saisie.actuelle.lignes[rang].montant_facture_centimes
        self.saisie.remplacer_ligne(rang, acte=ligne.acte, montant_facture_centimes=prix)
        self.tableau.aller(next(i for i, r in enumerate(self.tableau.modele.rangees) if r.saisie == rang))

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


def lire_ligne(texte: str, profession: str = "pharmacien") -> LigneSaisie:
    """The line that `texte` asks for. Raises EntreeInvalide.

    Seven digits are a CIP7 when their key is one's, an article of the LPP otherwise, and always for a supplier.
    """
    propre = texte.strip()
    if _est_lpp(propre, profession) or _est_acte(propre):
        return lire_acte(propre)
    return LigneSaisie("MEDICAMENT", cip13=cip13_depuis_scan(texte))


def _est_lpp(texte: str, profession: str) -> bool:
    if re.fullmatch(r"[0-9]{7}", texte):
        return profession == "fournisseur" or not cip7_valide(texte)
    return bool(re.match(_LPP, texte))


def _est_acte(texte: str) -> bool:
    """Four letters may be the beginning of a medicine: only a code that has a tariff is an act."""
    return bool(re.fullmatch(_ACTE, texte)) and tables.charger("actes").connait(code=lire_acte(texte).acte)
