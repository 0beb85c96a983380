"""A tour: visits of one professional to several patients, and who bears the travel where they live together.

One travel for the members of a family under the same roof, one a visit in an establishment that houses its patients
(NGAP art. 13 and 13.1). Nothing is changed behind the professional's back: this proposes, and the professional says it
on the lines of the visit whose travel another patient bears (`deplacement_partage`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sesam_desktop.factures.facture import Facture, LigneSaisie
from sesam_desktop.referentiels.tables import SourceTables

from .seances import DEPLACEMENTS


@dataclass(frozen=True, slots=True)
class Visite:
    """An invoice and where its patient lives.

    `lieu`: any text that is the same for patients under one roof. `foyer`: the same for a family; empty in an
    establishment, where every patient of the visit shares one travel.
    """

    facture: Facture
    lieu: str
    foyer: str = ""


@dataclass(frozen=True, slots=True)
class Partage:
    """One travel shared on `jour`, visit `passage`: `porteur` and `dispenses` are ranks of the invoices."""

    jour: date
    passage: int
    lieu: str
    foyer: str
    porteur: int
    dispenses: tuple[int, ...]


def partages(visites: Sequence[Visite], tables: SourceTables) -> list[Partage]:
    """Every travel that several invoices ask for. The longest trip bears it, then the first invoice of the tour."""
    demandes: dict[tuple[date, int, str, str], dict[int, int]] = {}
    for rang, visite in enumerate(visites):
        for jour, passage, km in _deplacements(visite.facture, tables):
            par_rang = demandes.setdefault((jour, passage, visite.lieu, visite.foyer), {})
            par_rang[rang] = max(km, par_rang.get(rang, 0))
    return [_partage(cle, par_rang) for cle, par_rang in sorted(demandes.items()) if len(par_rang) > 1]


def _partage(cle: tuple[date, int, str, str], par_rang: dict[int, int]) -> Partage:
    porteur = max(par_rang, key=lambda rang: (par_rang[rang], -rang))
    return Partage(*cle, porteur, tuple(rang for rang in par_rang if rang != porteur))


def _deplacements(facture: Facture, tables: SourceTables) -> Iterable[tuple[date, int, int]]:
    """Day, visit and kilometres of each line that asks for a travel."""
    dispensees = {_visite(facture, ligne) for ligne in facture.lignes if ligne.deplacement_partage}
    for ligne in facture.lignes:
        if _demande(facture, ligne, tables) and (visite := _visite(facture, ligne)) not in dispensees:
            yield *visite, ligne.ik_km


def _demande(facture: Facture, ligne: LigneSaisie, tables: SourceTables) -> bool:
    if ligne.domicile or ligne.ik_km > 0:
        return True
    acte = tables.charger("actes").trouver(ligne.date or facture.date_soins, code=ligne.acte)
    return acte is not None and acte["genre"] in DEPLACEMENTS


def _visite(facture: Facture, ligne: LigneSaisie) -> tuple[date, int]:
    return ligne.date or facture.date_soins, ligne.passage
