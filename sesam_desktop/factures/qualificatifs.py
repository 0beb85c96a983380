"""Who may put which qualificatif de la dépense on a line (table ``qualificatifs``, context rule RG_CF655)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels.tables import Ligne, SourceTables

from . import parcours
from .actes import BLOQUANTE
from .facture import Alerte, Executant, Facture, LigneSaisie


def refus(facture: Facture, tables: SourceTables) -> Iterator[Alerte]:
    """One blocking remark a line whose qualificatif this professional or this patient cannot have."""
    for rang, ligne in enumerate(facture.lignes):
        if not ligne.qualificatif:
            continue
        jour = ligne.date or facture.date_soins
        if raison := _raison(facture, ligne, jour, tables):
            yield Alerte("QUALIFICATIF_REFUSE", BLOQUANTE, raison, f"lignes[{rang}].qualificatif")


def _raison(facture: Facture, ligne: LigneSaisie, jour: date, tables: SourceTables) -> str:
    """Why the line cannot have its qualificatif; empty when it can, or when the table does not know it."""
    rangee = tables.charger("qualificatifs").trouver(jour, code=ligne.qualificatif or "")
    if rangee is None:
        return ""
    nom = f"Le qualificatif {ligne.qualificatif} (« {rangee['libelle']} »)"
    if not _ouvert(rangee, facture.executant):
        return f"{nom} n'est pas ouvert à ce professionnel."
    if rangee["parcours"] and not _hors_parcours(facture, rangee, jour, tables):
        attendus = " ou ".join(rangee["parcours"])
        return f"{nom} ne va qu'avec l'indicateur de parcours {attendus}, d'un patient que le parcours concerne."
    if facture.beneficiaire.c2s and not rangee["c2s"]:
        return f"{nom} n'est pas admis pour un patient à la complémentaire santé solidaire."
    return ""


def _hors_parcours(facture: Facture, rangee: Ligne, jour: date, tables: SourceTables) -> bool:
    """A birth date that cannot be read is told by another control."""
    try:
        return facture.parcours in rangee["parcours"] and parcours.est_concernee(facture, jour, tables)
    except ErreurConnue:
        return True


def _ouvert(rangee: Ligne, executant: Executant) -> bool:
    reserve = rangee["professions"] or rangee["specialites"]
    admis = executant.profession in rangee["professions"] or executant.specialite in rangee["specialites"]
    if (reserve and not admis) or executant.specialite in rangee["sauf"]:
        return False
    return not rangee["conventions"] or executant.convention in rangee["conventions"]
