"""What each combination of states and amounts of a return means for the invoice."""

from __future__ import annotations

import pytest

from sesam_desktop.factures.cycle import EVENEMENTS as EVENEMENTS_DU_CYCLE
from sesam_desktop.flux.noemie import FactureRetour
from sesam_desktop.teletransmission.issue import EVENEMENTS, Issue, issue

AMO, AMC = 1750, 750


@pytest.mark.parametrize(
    ("etat_amo", "paye_amo", "etat_amc", "paye_amc", "attendu_amc", "attendue"),
    [
        ("P", AMO, "", 0, 0, Issue.PAYEE),
        ("P", AMO, "P", AMC, AMC, Issue.PAYEE),
        ("P", AMO - 1, "", 0, 0, Issue.ANOMALIE),
        ("P", AMO + 1, "", 0, 0, Issue.ANOMALIE),
        ("P", -AMO, "", 0, 0, Issue.ANOMALIE),
        ("P", AMO, "P", AMC - 1, AMC, Issue.ANOMALIE),
        ("P", AMO, "P", 1, 0, Issue.ANOMALIE),
        ("R", 0, "P", AMC - 1, AMC, Issue.ANOMALIE),
        ("P", AMO, "", 0, AMC, Issue.PARTIELLE),
        ("P", AMO, "R", 0, AMC, Issue.PARTIELLE),
        ("P", AMO, "D", 0, AMC, Issue.PARTIELLE),
        ("R", 0, "P", AMC, AMC, Issue.PARTIELLE),
        ("R", 0, "", 0, 0, Issue.REJETEE),
        ("R", 0, "R", 0, AMC, Issue.REJETEE),
        ("R", 0, "D", 0, AMC, Issue.REJETEE),
        ("D", 0, "", 0, 0, Issue.DIFFEREE),
        ("D", 0, "", 0, AMC, Issue.DIFFEREE),
        ("", 0, "", 0, 0, Issue.NON_TRAITEE),
    ],
)
def test_issue(
    etat_amo: str, paye_amo: int, etat_amc: str, paye_amc: int, attendu_amc: int, attendue: Issue
) -> None:
    retour = FactureRetour(
        "000000001", etat_amo=etat_amo, paye_amo=paye_amo, etat_amc=etat_amc, paye_amc=paye_amc
    )
    assert issue(retour, AMO, attendu_amc) is attendue


def test_les_issues_qui_comptent_sont_des_evenements_du_cycle() -> None:
    assert set(EVENEMENTS) <= EVENEMENTS_DU_CYCLE
