"""Prices of a pharmacy overseas: the amount of the mainland times the coefficient of the department, half up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sesam_desktop.factures.facture import Regle
from sesam_desktop.noyau.montants import Centimes, formater, multiplier

from .contexte import Consultation, regle
from .cotation import Demande


@dataclass(frozen=True, slots=True)
class Montant:
    montant: Centimes
    regles: tuple[Regle, ...] = ()


def prix(metropole: Centimes, demande: Demande, tables: Consultation) -> Montant:
    """Public price of a box here."""
    return _majorer(metropole, "prix", demande.jour, f"{demande.champ}.cip13", tables)


def honoraire(metropole: Centimes, jour: date, champ: str, tables: Consultation) -> Montant:
    """Dispensing fee here."""
    return _majorer(metropole, "honoraire", jour, champ, tables)


def _majorer(metropole: Centimes, objet: str, jour: date, champ: str, tables: Consultation) -> Montant:
    if tables.zone != "dom":
        return Montant(metropole)
    ligne = tables.trouver("coefficients_drom", jour, departement=tables.executant.departement, objet=objet)
    if ligne is None:
        quoi = "Le prix" if objet == "prix" else "L'honoraire"
        tables.avertir(f"{objet.upper()}_DROM", f"{quoi} est celui de la métropole : à confirmer outre-mer.", champ)
        return Montant(metropole)
    montant = multiplier(metropole, ligne["facteur"])
    facteur = str(ligne["facteur"]).replace(".", ",")
    avant, apres = formater(metropole, unite="€"), formater(montant, unite="€")
    texte = f"Coefficient {ligne['libelle']} : {avant} × {facteur} = {apres}."
    return Montant(montant, (regle("COEFFICIENT_DROM", texte, ligne),))
