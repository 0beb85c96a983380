"""A line whose price is known and whose split between AMO, AMC and patient is not decided yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

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
    module: str

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
class Seuil:
    """What the threshold of heavy acts looks at.

    `regle`: field 25 of the CCAM (1, 2, 5, …) or ``K`` for a NGAP coefficient; `assiette`: centimes, percent modifiers
    and association counted, money modifiers not; `participation`: the flat share of the insured may be asked on it.
    """

    regle: str
    assiette: Centimes = 0
    participation: bool = True


@dataclass(frozen=True)
class Cotation:
    """`nature` chooses the rate; `soumise` tells that the parcours de soins applies to it.

    `prix_de_base`: unit price the AMO computes on, when it is not the price charged (TFR, tarif LPP). `motif`: reason
    of an exoneration of this line alone (row of ``motifs_exoneration``). Amounts are worked out once.
    """

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
    prix_de_base: Centimes | None = None
    motif: str = ""
    seuil: Seuil | None = None
    regles: tuple[Regle, ...] = ()

    @property
    def champ(self) -> str:
        return f"lignes[{self.rang}].acte"

    @cached_property
    def montant(self) -> Centimes:
        """Price × quantity × coefficient, rounded once, plus the overrun; nothing for a free act."""
        if self.qualificatif == "G":
            return 0
        return self.tarif + self.depassement

    @cached_property
    def tarif(self) -> Centimes:
        return self._fois(self.prix)

    @cached_property
    def base(self) -> Centimes:
        """What the AMO computes its part on."""
        if self.qualificatif in ("G", "N") or self.nature == "PHN":
            return 0
        return self.tarif if self.prix_de_base is None else self._fois(self.prix_de_base)

    def _fois(self, prix: Centimes) -> Centimes:
        return multiplier(prix * self.quantite, self.coefficient)

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
        module = source.charger("genres").a_la_date(jour, genre=acte["genre"])["module"]
        resultat.append(Demande(rang, saisie, acte, jour, module))
    return resultat


def regle_de_prix(code: str, prix: Ligne, quantite: int, coefficient: Decimal, montant: Centimes) -> Regle:
    """The arithmetic of a line, written out."""
    facteurs = f"{quantite} × " if quantite != 1 else ""
    facteurs += f"{nombre(coefficient)} × " if coefficient != 1 else ""
    resultat = f" = {formater(montant, unite='€')}" if facteurs else ""
    texte = f"{code} : {facteurs}{formater(prix['prix'], unite='€')}{resultat}."
    return regle("TARIF", texte, prix)


def quantites_b2(quantite: int, jour: date, tables: Consultation) -> list[int]:
    """Several lines of a long trip: B2 writes a quantity on two digits, and nobody can split an IK by hand."""
    maximum = int(tables.lire("seuils", jour, code="LIGNE_QUANTITE")["valeur"])
    return [min(maximum, quantite - fait) for fait in range(0, quantite, maximum)]


def nombre(valeur: Decimal) -> str:
    """A factor as French people write it: 1,255."""
    return f"{valeur.normalize():f}".replace(".", ",")
