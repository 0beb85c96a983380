"""What the page of the reference tables shows: every source, imported or not, and the tables of the program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.referentiels.base_referentiels import BaseReferentiels, VersionReferentiel
    from sesam_desktop.referentiels.tables import Table


@dataclass(frozen=True, slots=True)
class EtatSource:
    """One official table. Texts are empty and counts 0 when nothing was imported.

    version   AAAA-MM-JJ of the one in force; `depuis` is that day
    rejets    lines of its files that were not kept
    suivante  version already imported that begins later
    versions  all of them, newest first
    """

    source: str
    libelle: str
    version: str = ""
    depuis: date | None = None
    lignes: int = 0
    rejets: int = 0
    importee_le: str = ""
    suivante: str = ""
    versions: tuple[VersionReferentiel, ...] = ()


@dataclass(frozen=True, slots=True)
class EtatTable:
    """One dated table of the program: its rows, those in force that day, those of them that no source confirms."""

    nom: str
    version: str
    lignes: int
    en_vigueur: int
    a_confirmer: int


def etat_source(base: BaseReferentiels, source: str, libelle: str, jour: date) -> EtatSource:
    """State of one source on `jour`."""
    versions = tuple(base.versions(source))
    if not versions:
        return EtatSource(source, libelle)
    passees = [v for v in versions if v.date <= jour.isoformat()]
    suivantes = [v for v in versions if v.date > jour.isoformat()]
    retenue = passees[0] if passees else suivantes[-1]
    suivante = next((v.date for v in reversed(suivantes) if v is not retenue), "")
    return EtatSource(
        source, libelle, retenue.date, date.fromisoformat(retenue.date), retenue.lignes, _rejets(base, retenue.id),
        retenue.importee_le, suivante, versions,
    )


def etats_tables(jour: date) -> list[EtatTable]:
    """State of every table shipped with the program, in alphabetical order."""
    from sesam_desktop.referentiels import tables

    return [_etat_table(tables.charger(nom), jour) for nom in tables.noms()]


def _etat_table(table: Table, jour: date) -> EtatTable:
    actives = table.lignes(jour)
    douteuses = sum(ligne.a_confirmer for ligne in actives)
    return EtatTable(table.nom, table.version, len(table.toutes()), len(actives), douteuses)


def _rejets(base: BaseReferentiels, version: int) -> int:
    ((comptes,),) = base.lire("SELECT comptes FROM version WHERE id = ?", (version,))
    return sum(compte["lues"] - compte["gardees"] for compte in json.loads(comptes))
