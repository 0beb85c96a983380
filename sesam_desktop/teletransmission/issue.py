"""What a payment return means for an invoice that expected given amounts. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.factures.facture import FactureTarifee
    from sesam_desktop.flux.noemie import FactureRetour

PAYE, REJETE, DIFFERE = "P", "R", "D"


class Issue(StrEnum):
    """The first four are events of an invoice's life; the others leave it where it is."""

    PAYEE = "payee"
    PARTIELLE = "payee_partiellement"
    ANOMALIE = "anomalie"
    REJETEE = "rejetee"
    DIFFEREE = "differee"
    NON_TRAITEE = "non_traitee"


EVENEMENTS = (Issue.PAYEE, Issue.PARTIELLE, Issue.ANOMALIE, Issue.REJETEE)


def attendus(facture: FactureTarifee) -> tuple[int, int]:
    """AMO and AMC parts the fund is asked for: the AMC part is not when it is billed apart."""
    totaux, demande = facture.tarification.totaux, facture.demande
    a_part = demande.tiers_payant.amc and demande.amc is not None and demande.amc.gestion == "separee"
    return totaux.amo_centimes, 0 if a_part else totaux.amc_centimes


def issue(retour: FactureRetour, attendu_amo: int, attendu_amc: int) -> Issue:
    """Expected amounts in centimes; a part counts when it was expected or when the return speaks of it.

    An amount paid that is not the one expected is an anomaly, whatever the other part: somebody must look at it.
    """
    parts = [
        (etat, paye, attendu)
        for etat, paye, attendu in (
            (retour.etat_amo, retour.paye_amo, attendu_amo),
            (retour.etat_amc, retour.paye_amc, attendu_amc),
        )
        if attendu or etat
    ]
    if any(etat == PAYE and paye != attendu for etat, paye, attendu in parts):
        return Issue.ANOMALIE
    return _d_apres({etat for etat, _, _ in parts})


def _d_apres(etats: set[str]) -> Issue:
    if etats == {PAYE}:
        return Issue.PAYEE
    if PAYE in etats:
        return Issue.PARTIELLE
    if REJETE in etats:
        return Issue.REJETEE
    return Issue.DIFFEREE if DIFFERE in etats else Issue.NON_TRAITEE
