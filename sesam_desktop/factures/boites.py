"""The medicines an invoice dispenses, with what the reference tables know of each: groups, class of delivery."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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

    `prescrite`: the day whose rules of delivery hold, that of the prescription when there is one.
    """

    champ: str
    ligne: LigneSaisie
    jour: date
    prescrite: date
    medicament: Any | None = None
    groupes: Sequence[Groupe] = ()

    @property
    def mots(self) -> frozenset[str]:
        """Words of its name and of its groups, in capitals without accents."""
        textes = [self.medicament.libelle] if self.medicament is not None else []
        return frozenset(re.findall(r"[A-Z0-9]+", plier(" ".join([*textes, *(g.libelle for g in self.groupes)]))))


def boites(d: Dossier) -> list[Boite]:
    """The lines of medicines and preparations that nothing else refuses."""
    return [
        _boite(d, f"lignes[{rang}]", ligne, d.jour(ligne)) for rang, ligne in enumerate(d.facture.lignes)
        if _genre(d, ligne) in _GENRES
        and refus_de_ligne(d.tables, d.facture.executant, ligne, rang, d.jour(ligne)) is None
    ]


def classe(tables: SourceTables, boite: Boite) -> Ligne:
    """Row of ``delivrance`` that says how long this medicine may be dispensed."""
    return tables.charger("delivrance").a_la_date(boite.jour, classe=_nom_de_classe(tables, boite))


def est_trimestrielle(tables: SourceTables, honoraire: int | None, jour: date) -> bool:
    """True for a three-month pack: the fee of the public table, of its own date, is nearer to HG than to HD."""
    prix = tables.charger("prix")
    simple, grand = (prix.trouver(jour, code=code, zone="*", specialite="*") for code in ("HD", "HG"))
    if not (honoraire and simple and grand):
        return False
    return bool(abs(honoraire - grand["prix"]) < abs(honoraire - simple["prix"]))


def _nom_de_classe(tables: SourceTables, boite: Boite) -> str:
    substances = tables.charger("substances_delivrance")
    lignes = (substances.trouver(boite.prescrite, mot=mot) for mot in sorted(boite.mots))
    trouvees = [ligne for ligne in lignes if ligne is not None]
    if trouvees:
        return str(trouvees[0]["classe"])
    honoraire = boite.medicament.honoraire_centimes if boite.medicament is not None else None
    return TRIMESTRIEL if est_trimestrielle(tables, honoraire, boite.jour) else COMMUN


def _boite(d: Dossier, champ: str, ligne: LigneSaisie, jour: date) -> Boite:
    prescrite = d.facture.prescription.date if d.facture.prescription is not None else jour
    if d.medicaments is None or not ligne.cip13:
        return Boite(champ, ligne, jour, prescrite)
    medicament = d.medicaments.par_cip13(ligne.cip13, jour)
    groupes = d.medicaments.groupes(ligne.cip13, jour) if medicament is not None else ()
    return Boite(champ, ligne, jour, prescrite, medicament, groupes)


def _genre(d: Dossier, ligne: LigneSaisie) -> str:
    acte = trouver_acte(d.tables, ligne, d.jour(ligne))
    return acte["genre"] if acte is not None else ""
