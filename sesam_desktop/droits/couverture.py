"""Rights of a beneficiary at a day, from what the Vitale card says.

The meaning of the code couverture (ALD digit + situation) is not public: both are kept as they are, nothing is deduced
from them but the régime local, through a dated table that is a project profile.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

from sesam_desktop.cartes.vitale import Assure, Beneficiaire, Periode, ServiceAmo
from sesam_desktop.noyau.dates import formater
from sesam_desktop.noyau.ressources import ressource

from . import particularites

SERVICES_C2S = frozenset({1, 2, 3})  # 01 managed by the AMO, 02 by delegation, 03 by the AMC
SANS_ALD = "0"


@dataclass(frozen=True, slots=True)
class DroitsDuJour:
    """What counts at the day asked.

    fin        last day of the period of rights in force, None when open (or when no right is in force)
    ald        ALD digit of the couverture in force, ``0`` when none is
    situation  its four digits, empty when no couverture is in force
    motifs     French sentences: closed or missing rights, and what must be confirmed
    particularites  codes of the table of that name that the card says
    """

    ouverts: bool
    fin: date | None
    ald: str
    situation: str
    c2s: bool
    regime_local: bool
    motifs: tuple[str, ...] = ()
    particularites: tuple[str, ...] = ()


def droits_du_jour(
    beneficiaire: Beneficiaire, jour: date, service_famille: ServiceAmo | None = None, assure: Assure | None = None
) -> DroitsDuJour:
    """Rights of `beneficiaire` at `jour`; `service_famille` and `assure` are shared by the whole card."""
    periode = next((p for p in beneficiaire.droits if p.contient(jour)), None)
    couverture = next((c for c in beneficiaire.couvertures if c.periode.contient(jour)), None)
    motifs = [] if periode else [_motif_de_fermeture(beneficiaire.droits, jour)]
    if couverture is None:
        motifs.append(f"Aucun code de couverture n'est en vigueur au {formater(jour)}.")
    situation = couverture.situation if couverture else ""
    regime_local = _regime_local(situation, jour)
    if regime_local:
        motifs.append(f"Régime local déduit de la situation {situation} : à confirmer (table du projet).")
    services = (beneficiaire.service_amo, service_famille)
    return DroitsDuJour(
        ouverts=periode is not None,
        fin=periode.fin if periode else None,
        ald=couverture.ald if couverture else SANS_ALD,
        situation=situation,
        c2s=any(_est_c2s(service, jour) for service in services if service),
        regime_local=regime_local,
        motifs=tuple(motifs),
        particularites=_particularites(assure),
    )


def _particularites(assure: Assure | None) -> tuple[str, ...]:
    if assure is None:
        return ()
    return particularites.de_la_gestion(assure.nir, assure.regime, assure.code_gestion)


def _est_c2s(service: ServiceAmo, jour: date) -> bool:
    """Cards write the code ``3`` or ``03``: it is read as a number."""
    code = int(service.code) if service.code.isdecimal() else 0
    return code in SERVICES_C2S and Periode(service.debut, service.fin).contient(jour)


def _motif_de_fermeture(droits: tuple[Periode, ...], jour: date) -> str:
    if not droits:
        return "La carte ne donne aucune période de droits."
    passees = [p.fin for p in droits if p.fin is not None and p.fin < jour]
    if passees:
        return f"Les droits sont fermés depuis le {formater(max(passees))} : mettez la carte à jour."
    return f"Les droits ne sont ouverts qu'à partir du {formater(min(p.debut for p in droits if p.debut))}."


@cache
def _situations_locales() -> tuple[tuple[str, str, str], ...]:
    with ressource("droits", "regime_local.csv").open(encoding="utf-8", newline="") as flux:
        lignes = csv.DictReader(flux, delimiter=";")
        return tuple((x["situation"], x["date_debut"], x["date_fin"]) for x in lignes if x["regime_local"] == "1")


def _regime_local(situation: str, jour: date) -> bool:
    texte = jour.isoformat()
    return any(
        situation == s and debut <= texte and (not fin or texte <= fin) for s, debut, fin in _situations_locales()
    )
