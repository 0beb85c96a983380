"""A line whose price is known and whose split between AMO, AMC and patient is not decided yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sesam_desktop.factures.actes import refus_de_ligne, trouver_acte
from sesam_desktop.factures.facture import Facture, LigneSaisie, Regle
from sesam_desktop.noyau.montants import Centimes, formater, multiplier
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, refuser, regle


@dataclass(frozen=True, slots=True)
class Demande:
    """One asked line with its row of the acts table and its date."""

    rang: int
    saisie: LigneSaisie
    acte: Ligne
    jour: date

    @property
    def champ(self) -> str:
        return f"lignes[{self.rang}]"

    @property
    def genre(self) -> str:
        return self.acte["genre"]

    @property
    def remboursable(self) -> bool:
        return self.saisie.qualificatif not in ("G", "N")


@dataclass(frozen=True, slots=True)
class Cotation:
    """`nature` chooses the rate; `soumise` tells that the parcours de soins applies to it."""

    acte: str
    libelle: str
    nature: str
    jour: date
    rang: int
    prix: Centimes
    quantite: int = 1
    coefficient: Decimal = Decimal(1)
    depassement: Centimes = 0
    ald: bool = False
    soumise: bool = False
    qualificatif: str = ""
    complement: str = ""
    detail: str = ""
    regles: tuple[Regle, ...] = ()

    @property
    def champ(self) -> str:
        return f"lignes[{self.rang}].acte"

    @property
    def montant(self) -> Centimes:
        """Price × quantity × coefficient, rounded once, plus the overrun; nothing for a free act."""
        if self.qualificatif == "G":
            return 0
        return self.tarif + self.depassement

    @property
    def tarif(self) -> Centimes:
        return multiplier(self.prix * self.quantite, self.coefficient)

    @property
    def base(self) -> Centimes:
        """What the AMO computes its part on."""
        return 0 if self.qualificatif in ("G", "N") or self.nature == "PHN" else self.tarif

    def plus(self, *regles: Regle) -> Cotation:
        return replace(self, regles=self.regles + regles)


def demandes(facture: Facture, tables: Consultation) -> list[Demande]:
    """The asked lines, each checked against the acts table. Raises EntreeInvalide with the path of the field."""
    resultat = []
    for rang, saisie in enumerate(facture.lignes):
        jour = saisie.date or facture.date_soins
        source = tables.contexte.tables
        if (alerte := refus_de_ligne(source, facture.executant, saisie, rang, jour)) is not None:
            raise refuser(alerte.code, alerte.message, alerte.champ)
        acte = trouver_acte(source, saisie, jour)
        assert acte is not None  # noqa: S101 - refus_de_ligne has refused unknown acts
        tables.lire("actes", jour, code=saisie.acte)
        resultat.append(Demande(rang, saisie, acte, jour))
    return resultat


def regle_de_prix(code: str, prix: Ligne, quantite: int, coefficient: Decimal, montant: Centimes) -> Regle:
    """The arithmetic of a line, written out."""
    facteurs = f"{quantite} × " if quantite != 1 else ""
    facteurs += f"{_nombre(coefficient)} × " if coefficient != 1 else ""
    resultat = f" = {formater(montant, unite='€')}" if facteurs else ""
    texte = f"{code} : {facteurs}{formater(prix['prix'], unite='€')}{resultat}."
    return regle("TARIF", texte, prix)


def _nombre(valeur: Decimal) -> str:
    return f"{valeur.normalize():f}".replace(".", ",")
