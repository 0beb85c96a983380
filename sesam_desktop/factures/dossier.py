"""What every control of an invoice looks at, and how it tells a remark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sesam_desktop.noyau import dates
from sesam_desktop.referentiels.tables import SourceTables

from .actes import AVERTISSEMENT, BLOQUANTE
from .facture import Alerte, Facture, LigneSaisie
from .generiques import Groupe


class SourceMedicaments(Protocol):
    def par_cip13(self, cip13: str, jour: date) -> Any | None: ...
    def groupes(self, cip13: str, jour: date) -> Sequence[Groupe]: ...


class SourceCcam(Protocol):
    def acte(self, code: str, activite: str, phase: str, jour: date) -> Any | None: ...
    def activites(self, code: str, jour: date) -> list[Any]: ...


class SourceLpp(Protocol):
    def article(self, code: str, jour: date) -> Any | None: ...


class SourceNabm(Protocol):
    def acte(self, code: str, jour: date) -> Any | None: ...


class SourceTfr(Protocol):
    def tarif(self, cip13: str, jour: date) -> Any | None: ...


@dataclass(frozen=True, slots=True)
class Articles:
    """Imported tables of acts and products; None where the checks must do without."""

    ccam: SourceCcam | None = None
    lpp: SourceLpp | None = None
    nabm: SourceNabm | None = None
    tfr: SourceTfr | None = None


SANS_ARTICLES = Articles()
_ALSACE_MOSELLE = ("57", "67", "68")


@dataclass(frozen=True, slots=True)
class Dossier:
    """What every control looks at."""

    facture: Facture
    aujourd_hui: date
    tables: SourceTables
    medicaments: SourceMedicaments | None
    articles: Articles = SANS_ARTICLES

    def jour(self, ligne: LigneSaisie) -> date:
        return ligne.date or self.facture.date_soins

    def lignes(self) -> Iterator[tuple[str, LigneSaisie, date]]:
        """(path, line, date of care)."""
        for rang, ligne in enumerate(self.facture.lignes):
            yield f"lignes[{rang}]", ligne, self.jour(ligne)


def est_chome(d: Dossier, jour: date) -> bool:
    """Sunday or legal holiday where the professional works."""
    return dates.est_dimanche_ou_ferie(jour, d.facture.executant.departement in _ALSACE_MOSELLE)


def bloquer(code: str, message: str, champ: str) -> Alerte:
    return Alerte(code, BLOQUANTE, message, champ)


def avertir(code: str, message: str, champ: str) -> Alerte:
    return Alerte(code, AVERTISSEMENT, message, champ)


def seuil(d: Dossier, code: str) -> int | None:
    """A whole threshold (count, age, rank), None for a date the tables do not cover."""
    ligne = d.tables.charger("seuils").trouver(d.facture.date_soins, code=code)
    return int(ligne["valeur"]) if ligne else None


def mois(d: Dossier, code: str) -> int | None:
    """A delay in months, None for a date the tables do not cover."""
    return seuil(d, code)


def plus_de(mois: int | None, debut: date, fin: date) -> bool:
    """True when more than `mois` whole months lie between the two days."""
    if mois is None:
        return False
    ecoules = (fin.year - debut.year) * 12 + fin.month - debut.month
    return ecoules > mois or (ecoules == mois and fin.day > debut.day)
