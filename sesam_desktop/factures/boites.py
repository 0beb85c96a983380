"""The medicines an invoice dispenses, with what the reference tables know of each: groups, class of delivery."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sesam_desktop.base.recherche import plier
from sesam_desktop.referentiels.tables import Ligne, SourceTables

from .actes import refus_de_ligne, trouver_acte
from .dossier import Dossier
from .facture import LigneSaisie
from .generiques import Groupe

_GENRES = ("medicament", "preparation")
COMMUN, TRIMESTRIEL = "commun", "trimestriel"


@dataclass(frozen=True, slots=True)
class Boite:
    """One line of medicines. `medicament` None: no table, an unknown code, or a preparation.

    `mots`: words of its name and of its groups. `delivrance`: how long it may be dispensed (row of that table).
    """

    champ: str
    ligne: LigneSaisie
    jour: date
    delivrance: Ligne
    mots: frozenset[str] = frozenset()
    medicament: Any | None = None
    groupes: Sequence[Groupe] = ()


def boites(d: Dossier) -> list[Boite]:
    """The lines of medicines and preparations that nothing else refuses."""
    return [
        _boite(d, f"lignes[{rang}]", ligne, d.jour(ligne)) for rang, ligne in enumerate(d.facture.lignes)
        if _genre(d, ligne) in _GENRES
        and refus_de_ligne(d.tables, d.facture.executant, ligne, rang, d.jour(ligne)) is None
    ]


def est_trimestrielle(tables: SourceTables, honoraire: int | None, jour: date) -> bool:
    """True for a three-month pack: the fee of the public table, of its own date, is nearer to HG than to HD."""
    prix = tables.charger("prix")
    simple = prix.trouver(jour, code="HD", zone="*", specialite="*")
    grand = prix.trouver(jour, code="HG", zone="*", specialite="*")
    if not (honoraire and simple and grand):
        return False
    return bool(abs(honoraire - grand["prix"]) < abs(honoraire - simple["prix"]))


def _boite(d: Dossier, champ: str, ligne: LigneSaisie, jour: date) -> Boite:
    medicament, groupes = _chercher(d, ligne, jour)
    textes = (medicament.libelle, *(g.libelle for g in groupes)) if medicament is not None else ()
    mots = _mots(" ".join(textes))
    classe = _classe(d, mots, medicament, jour)
    delivrance = d.tables.charger("delivrance").a_la_date(jour, classe=classe)
    return Boite(champ, ligne, jour, delivrance, mots, medicament, groupes)


def _chercher(d: Dossier, ligne: LigneSaisie, jour: date) -> tuple[Any | None, Sequence[Groupe]]:
    medicament = d.medicaments.par_cip13(ligne.cip13, jour) if d.medicaments is not None and ligne.cip13 else None
    if d.medicaments is None or medicament is None:
        return None, ()
    return medicament, d.medicaments.groupes(ligne.cip13, jour)


@lru_cache(maxsize=2048)
def _mots(texte: str) -> frozenset[str]:
    """In capitals without accents. Remembered: the same boxes are controlled at every key pressed."""
    return frozenset(re.findall(r"[A-Z0-9]+", plier(texte)))


def _classe(d: Dossier, mots: frozenset[str], medicament: Any | None, jour: date) -> str:
    """The rules of delivery are those of the day of the prescription, when there is one."""
    prescrite = d.facture.prescription.date if d.facture.prescription is not None else jour
    substances = d.tables.charger("substances_delivrance")
    for mot in sorted(mots):
        if (ligne := substances.trouver(prescrite, mot=mot)) is not None:
            return str(ligne["classe"])
    honoraire = medicament.honoraire_centimes if medicament is not None else None
    return TRIMESTRIEL if est_trimestrielle(d.tables, honoraire, jour) else COMMUN


def _genre(d: Dossier, ligne: LigneSaisie) -> str:
    acte = trouver_acte(d.tables, ligne, d.jour(ligne))
    return acte["genre"] if acte is not None else ""
