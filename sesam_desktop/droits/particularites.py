"""Particularités of a beneficiary, from what a card or the rights service (CDRi) says. Only published codes are mapped.

The mapping is in the table ``particularites`` (columns ``cdri_*``, ``etm``), read here as a plain file: rights do not
know the dated tables of pricing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache

from sesam_desktop.noyau.ressources import ressource

_PASSAGE = ("5", "6")          # first digit of the number of a person insured abroad, passing (SP08.1)
_PAR_GESTION = {("01", "65"): "DETENU", ("01", "70"): "COORDONNE_PERMANENT"}  # régime, management code (BS)


def de_la_gestion(nir: str, regime: str, code_gestion: str) -> tuple[str, ...]:
    """What the number and the management data of the insured say, as a Vitale card gives them."""
    trouves = []
    if (code := _PAR_GESTION.get((regime, code_gestion))) is not None:
        trouves.append(code)
    if nir.startswith(_PASSAGE):
        trouves.append("COORDONNE_PASSAGE")
    return tuple(trouves)


def du_service(
    etm: Iterable[str] = (), mtm: Iterable[str] = (), situations: Iterable[str] = (), contrats: Iterable[str] = ()
) -> tuple[str, ...]:
    """What an answer of the rights service says: exonerations, modulations, particular situations, SNCF contracts.

    A code that is not in the table gives nothing. A subsistant has no other SNCF contract data.
    """
    lus = {"cdri_etm": etm, "cdri_mtm": mtm, "cdri_situation": situations, "cdri_contrat": contrats}
    trouves = [
        particularite for colonne, valeurs in lus.items() for code in valeurs
        if (particularite := _table(colonne).get(code)) is not None
    ]
    if "SNCF_SUBSISTANT" in trouves:
        trouves = [code for code in trouves if code == "SNCF_SUBSISTANT" or not code.startswith("SNCF_")]
    return tuple(dict.fromkeys(trouves))


@cache
def _table(colonne: str) -> dict[str, str]:
    """Code of the column → particularité."""
    with ressource("tarifs", "particularites.csv").open(encoding="utf-8", newline="") as flux:
        lecture = csv.reader((ligne for ligne in flux if not ligne.startswith("#")), delimiter=";")
        rang = [nom.partition(":")[0] for nom in next(lecture)].index(colonne)
        return {code: cellules[0] for cellules in lecture for code in cellules[rang].split()}
