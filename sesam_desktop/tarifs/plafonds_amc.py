"""Ceilings of a complementary insurer over the lines of one invoice.

The ceiling goes to the lines in this order: oldest care, greatest part, then code and detail. Only equal lines are told
apart by the order they were asked in, so that the amounts of an invoice do not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from sesam_desktop.noyau.montants import formater
from sesam_desktop.referentiels.conventions_amc import PLAFOND_FACTURE
from sesam_desktop.referentiels.tables import TOUS, Ligne

from .contexte import regle
from .parts import PartAmc, PartAmo


def plafonner(
    lignes: Sequence[PartAmo], parts: Sequence[PartAmc], rangees: Callable[[date], list[Ligne]]
) -> list[PartAmc]:
    """`parts` of `lignes`, cut by the ceilings of the formula, whose rows of a day `rangees` gives."""
    reduites = list(parts)
    for plafond in _plafonds(lignes, rangees):
        _appliquer(plafond, lignes, reduites)
    return reduites


def _plafonds(lignes: Sequence[PartAmo], rangees: Callable[[date], list[Ligne]]) -> list[Ligne]:
    """Each ceiling once, those of a few natures before those of all."""
    jours = {ligne.cotation.jour for ligne in lignes}
    trouves = {id(r): r for jour in jours for r in rangees(jour) if r["operateur"] == PLAFOND_FACTURE}
    return sorted(trouves.values(), key=lambda r: (r["natures"] == TOUS, r["rang"], r["natures"]))


def _appliquer(plafond: Ligne, lignes: Sequence[PartAmo], parts: list[PartAmc]) -> None:
    libre = plafond["valeur"]
    concernees = [rang for rang, ligne in enumerate(lignes) if _concerne(plafond, ligne)]
    for rang in sorted(concernees, key=lambda rang: _cle(lignes[rang], parts[rang], rang)):
        part = parts[rang]
        garde = min(part.montant, libre)
        libre -= garde
        if garde < part.montant:
            texte = f"{plafond['libelle']} : {formater(garde, unite='€')} restent pour cette ligne."
            parts[rang] = replace(
                part, montant=garde, regles=(*part.regles, regle("AMC_PLAFOND_FACTURE", texte, plafond, "amc"))
            )


def _concerne(plafond: Ligne, ligne: PartAmo) -> bool:
    natures = plafond["natures"].split()
    c = ligne.cotation
    return plafond.en_vigueur(c.jour) and (TOUS in natures or c.acte in natures or c.nature in natures)


def _cle(ligne: PartAmo, part: PartAmc, rang: int) -> tuple[date, int, int, str, str, str, int]:
    c = ligne.cotation
    return c.jour, -part.montant, -c.montant, c.acte, c.detail, c.complement, rang
