"""Who pays the complementary part of an invoice, under which convention, and what forbids it.

Conventions are rows of ``conventions_amc``: a project profile, as those of the insurers are not public.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from sesam_desktop.cartes.vitale import Periode
from sesam_desktop.noyau.dates import formater
from sesam_desktop.referentiels.tables import TOUS, Ligne, SourceTables, Table

from . import situation
from .facture import Facture, OrganismeAmc

C2S = {"unique": "99999997", "separee": "88888888"}  # managed by the fund, or by an insurer (RG_BS720)
ETAT = "75500017"                                    # State medical aid (SP06)
_LONGUEUR = 8  # cards write a number on 8 or 10 characters


def payeur(facture: Facture) -> OrganismeAmc | None:
    """The State, the C2S, or the insurer asked to pay; None when the patient pays what the AMO leaves."""
    patient, amc = facture.beneficiaire, facture.amc
    if situation.AME in patient.particularites:
        return OrganismeAmc(ETAT)
    if patient.c2s:
        return OrganismeAmc(C2S[amc.gestion if amc else "unique"], gestion=amc.gestion if amc else "unique")
    return amc if facture.tiers_payant.amc else None


def est_public(organisme: OrganismeAmc) -> bool:
    """True for the C2S and the State, whose part no contract limits."""
    return organisme.numero == ETAT or organisme.numero in C2S.values()


def est_eclatee(facture: Facture) -> bool:
    """The insurer's part is billed apart by the sender; never that of the C2S, which the fund pays with its own.

    What signed invoices say of it never changes: that the State is not billed apart is for `en_gestion_unique`.
    """
    separee = facture.amc is not None and facture.amc.gestion == "separee"
    return separee and facture.tiers_payant.amc and not facture.beneficiaire.c2s


def en_gestion_unique(facture: Facture) -> Facture:
    """A new invoice paid by the State or under a number of the C2S, its part left with that of the fund."""
    organisme = payeur(facture)
    if facture.amc is None or organisme is None or facture.beneficiaire.c2s or not est_public(organisme):
        return facture
    return replace(facture, amc=replace(facture.amc, gestion="unique"))


def convention(organisme: OrganismeAmc, profession: str, jour: date, tables: SourceTables) -> Ligne | None:
    """The row of the whole number, else of its longest known beginning, else of any insurer.

    For one number the most precise row wins: the number goes before the trade, the contract and the aiguillage.
    """
    table = _par_numero(tables.charger("conventions_amc"))
    voulus = (organisme.type_contrat, profession, organisme.aiguillage)
    for numero in numeros_de(organisme.numero):
        admises = (li for li in table.get(numero, ()) if li.en_vigueur(jour) and _etoiles(li, voulus) is not None)
        if (ligne := min(admises, key=lambda li: _etoiles(li, voulus) or (), default=None)) is not None:
            return ligne
    return None


@lru_cache(maxsize=4)
def _par_numero(table: Table) -> dict[str, list[Ligne]]:
    lignes: dict[str, list[Ligne]] = {}
    for ligne in table.toutes():
        lignes.setdefault(ligne["numero"], []).append(ligne)
    return lignes


def _etoiles(ligne: Ligne, voulus: tuple[str, ...]) -> tuple[int, ...] | None:
    """How loosely the row answers to `voulus`: number of stars, then where; None when it does not."""
    lus = [ligne[nom] for nom in ("type_contrat", "domaine", "aiguillage")]
    if any(lu not in (TOUS, voulu) for lu, voulu in zip(lus, voulus, strict=True)):
        return None
    etoiles = [int(lu == TOUS) for lu in lus]
    return (sum(etoiles), *etoiles)


def normaliser(numero: str) -> str:
    """Without the zeros that fill a zone: 0099000001 and 99000001 are one insurer."""
    return numero.lstrip("0").zfill(_LONGUEUR)


def empechement(
    organisme: OrganismeAmc, regles: Ligne | None, jour: date, tables: SourceTables
) -> tuple[str, str] | None:
    """(code, sentence) when this insurer may not pay the professional for care of `jour`, None when it may."""
    if est_public(organisme):
        return None
    if not Periode(organisme.debut, organisme.fin).contient(jour):
        return "AMC_DROITS_FERMES", f"Les droits à la complémentaire ne couvrent pas le {formater(jour)}."
    if organisme.indicateur:
        indicateur = tables.charger("indicateurs_amc").trouver(jour, code=organisme.indicateur)
        if indicateur is not None and indicateur["tiers_payant"] == "non":
            message = f"La carte ne permet pas le tiers payant complémentaire : {indicateur['libelle']}."
            return "AMC_SANS_TIERS_PAYANT", message
    if regles is not None and not regles["tiers_payant"]:
        return "AMC_SANS_TIERS_PAYANT", f"La convention « {regles['libelle']} » ne prévoit pas le tiers payant."
    return None


def numeros_de(numero: str) -> Iterator[str]:
    """How a table may name this insurer: the whole number, its beginnings, then the star of any insurer."""
    entier = normaliser(numero)
    yield entier
    yield from (f"{entier[:longueur]}{TOUS}" for longueur in range(len(entier) - 1, 0, -1))
    yield TOUS
