"""Prices of a pharmacy overseas: the amount of the mainland times the coefficient of the department, half up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sesam_desktop.factures.facture import Regle
from sesam_desktop.noyau.montants import Centimes, formater, multiplier

from .contexte import Consultation, regle

_ICI = "executant.departement"  # one place for the whole invoice: what is missing is told once


@dataclass(frozen=True, slots=True)
class Montant:
    montant: Centimes
    regles: tuple[Regle, ...] = ()


def prix(metropole: Centimes, jour: date, tables: Consultation) -> Montant:
    """Public price of a box here."""
    return _majorer(metropole, "prix", jour, tables)


def honoraire(metropole: Centimes, jour: date, tables: Consultation) -> Montant:
    """Dispensing fee here."""
    return _majorer(metropole, "honoraire", jour, tables)


def _majorer(metropole: Centimes, objet: str, jour: date, tables: Consultation) -> Montant:
    if tables.zone != "dom":
        return Montant(metropole)
    ligne = tables.trouver("coefficients_drom", jour, departement=tables.executant.departement, objet=objet)
    if ligne is None:
        quoi = "Les prix des boîtes" if objet == "prix" else "Les honoraires"
        message = f"{quoi} sont ceux de la métropole : à confirmer pour ce département."
        tables.avertir(f"{objet.upper()}_DROM", message, _ICI)
        return Montant(metropole)
    montant = multiplier(metropole, ligne["facteur"])
    facteur = str(ligne["facteur"]).replace(".", ",")
    avant, apres = formater(metropole, unite="€"), formater(montant, unite="€")
    texte = f"Coefficient {ligne['libelle']} : {avant} × {facteur} = {apres}."
    return Montant(montant, (regle("COEFFICIENT_DROM", texte, ligne),))
