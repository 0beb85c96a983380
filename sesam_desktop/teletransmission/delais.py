"""How long an invoice may wait before it is sent: working days from the day its sheet was completed (CSS R161-47).

The numbers of days are in `resources/teletransmission/delais.csv`. A working day is Monday to Friday without a legal
holiday. The day of completion does not count. A limit that is past forbids nothing: the invoice still leaves, and the
courts do not refuse its payment for that alone (Cass. 8/10/2015, n° 14-20253); it is shown so that it does not happen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from sesam_desktop.noyau.dates import jours_feries
from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.referentiels.tables import DossierTables, Ligne

from .depot_delais import AttenteEnvoi

_SAMEDI = 5
_ALSACE_MOSELLE = ("57", "67", "68")


class Situation(StrEnum):
    A_TEMPS = "a_temps"
    PROCHE = "proche"
    DEPASSE = "depasse"


@dataclass(frozen=True, slots=True)
class Echeance:
    """When an invoice must have left. `jours_restants`: working days from today, 0 on the last one, negative after."""

    facture: str
    completee_le: date
    tiers_payant: bool
    limite: date
    jours_restants: int
    situation: Situation


def limite(completee_le: date, tiers_payant: bool, alsace_moselle: bool = False) -> date:
    """Last day on which the invoice is sent in time."""
    jour = completee_le
    for _ in range(_regle(completee_le, tiers_payant)["jours"]):
        jour = _ouvre_suivant(jour, alsace_moselle)
    return jour


def echeance(attente: AttenteEnvoi, aujourd_hui: date, alsace_moselle: bool = False) -> Echeance:
    """Where an invoice that has not left stands."""
    fin = limite(attente.completee_le, attente.tiers_payant, alsace_moselle)
    restants = _ouvres_entre(aujourd_hui, fin, alsace_moselle)
    proche = restants <= _regle(attente.completee_le, attente.tiers_payant)["preavis"]
    situation = Situation.DEPASSE if aujourd_hui > fin else Situation.PROCHE if proche else Situation.A_TEMPS
    return Echeance(attente.facture, attente.completee_le, attente.tiers_payant, fin, restants, situation)


def echeances(attentes: Iterable[AttenteEnvoi], aujourd_hui: date, alsace_moselle: bool = False) -> list[Echeance]:
    """The most urgent first."""
    lues = (echeance(attente, aujourd_hui, alsace_moselle) for attente in attentes)
    return sorted(lues, key=lambda e: (e.limite, e.facture))


def en_alsace_moselle(departement: str) -> bool:
    """Where two more days are holidays."""
    return departement in _ALSACE_MOSELLE


def est_ouvre(jour: date, alsace_moselle: bool = False) -> bool:
    """Monday to Friday, without the legal holidays."""
    return jour.weekday() < _SAMEDI and jour not in jours_feries(jour.year, alsace_moselle)


def _ouvre_suivant(jour: date, alsace_moselle: bool) -> date:
    jour += timedelta(days=1)
    while not est_ouvre(jour, alsace_moselle):
        jour += timedelta(days=1)
    return jour


def _ouvres_entre(debut: date, fin: date, alsace_moselle: bool) -> int:
    """Working days after `debut` up to `fin` included; negative when `fin` is past."""
    if fin < debut:
        return -_ouvres_entre(fin, debut, alsace_moselle)
    jours = (debut + timedelta(days=n) for n in range(1, (fin - debut).days + 1))
    return sum(est_ouvre(jour, alsace_moselle) for jour in jours)


def _regle(jour: date, tiers_payant: bool) -> Ligne:
    return _tables().charger("delais").a_la_date(jour, paiement="tiers_payant" if tiers_payant else "direct")


@lru_cache(maxsize=1)
def _tables() -> DossierTables:
    return DossierTables(ressource("teletransmission"))
