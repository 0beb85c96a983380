"""Settings of the accounts, as data: ages, delays before a reminder, words by which a bank line names a fund.

Everything here is a choice of the project; `resources/teletransmission` holds it.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from sesam_desktop.base.recherche import plier
from sesam_desktop.noyau.ressources import ressource

_DOSSIER = "teletransmission"


@dataclass(frozen=True, slots=True)
class Reglages:
    """Days, all of them. `relance` by kind of debtor, AMO or AMC."""

    tranches: tuple[int, ...]
    relance: dict[str, int]
    repeter: int
    jours_avant: int
    jours_apres: int
    virements_ensemble: int


@lru_cache(maxsize=1)
def reglages() -> Reglages:
    """Those shipped with the program."""
    lus = tomllib.loads(ressource(_DOSSIER, "comptes.toml").read_text(encoding="utf-8"))
    relance, releve = dict(lus["relance"]), lus["releve"]
    repeter = relance.pop("repeter")
    return Reglages(
        tuple(lus["tranches"]), relance, repeter, releve["jours_avant"], releve["jours_apres"],
        releve["virements_ensemble"],
    )


@lru_cache(maxsize=1)
def payeurs() -> dict[str, tuple[str, ...]]:
    """Words of a bank line by régime; under "", those of complementary insurers."""
    return {ligne["regime"]: tuple(ligne["mots"].split("|")) for ligne in _table("payeurs.csv")}


@lru_cache(maxsize=1)
def titres_releve() -> dict[str, str]:
    """Kind of a statement's column by its folded title."""
    return {plier(titre): ligne["colonne"] for ligne in _table("releves.csv") for titre in ligne["titres"].split("|")}


def _table(nom: str) -> list[dict[str, str]]:
    with ressource(_DOSSIER, nom).open(encoding="utf-8", newline="") as flux:
        return list(csv.DictReader(flux, delimiter=";"))
