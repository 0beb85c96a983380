"""What returns mean together for the invoice, whatever their order."""

from __future__ import annotations

from itertools import permutations

import pytest

from sesam_desktop.factures.cycle import EVENEMENTS as EVENEMENTS_DU_CYCLE
from sesam_desktop.teletransmission.issue import EVENEMENTS, Issue, Part, issue

AMO, AMC = 1750, 750
P, REPRISE, R, D = ("P", AMO), ("P", -AMO), ("R", 0), ("D", 0)


def part(attendu: int, *dits: tuple[str, int]) -> Part:
    lue = Part(attendu)
    for etat, paye in dits:
        lue.ajouter(etat, paye)
    return lue


@pytest.mark.parametrize(
    ("etat_amo", "paye_amo", "etat_amc", "paye_amc", "attendu_amc", "attendue"),
    [
        ("P", AMO, "", 0, 0, Issue.PAYEE),
        ("P", AMO, "P", AMC, AMC, Issue.PAYEE),
        ("P", AMO - 1, "", 0, 0, Issue.ANOMALIE),
        ("P", AMO + 1, "", 0, 0, Issue.ANOMALIE),
        ("P", -AMO, "", 0, 0, Issue.ANOMALIE),
        ("P", 0, "", 0, 0, Issue.ANOMALIE),
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
def test_un_seul_retour(
    etat_amo: str, paye_amo: int, etat_amc: str, paye_amc: int, attendu_amc: int, attendue: Issue
) -> None:
    assert issue([part(AMO, (etat_amo, paye_amo)), part(attendu_amc, (etat_amc, paye_amc))]) is attendue


@pytest.mark.parametrize(
    ("dits", "attendue"),
    [
        ((P, REPRISE), Issue.ANOMALIE),
        ((P, REPRISE, P), Issue.PAYEE),
        ((P, REPRISE, R), Issue.REJETEE),
        ((P, R), Issue.PAYEE),
        ((P, P), Issue.ANOMALIE),
        ((D, P), Issue.PAYEE),
        ((D, R), Issue.REJETEE),
        ((("P", 1000), ("P", 750)), Issue.PAYEE),
        ((("P", 1000), ("R", 0)), Issue.ANOMALIE),
        ((P, ("R", -AMO)), Issue.REJETEE),
    ],
)
def test_plusieurs_retours_dans_tous_les_ordres(dits: tuple[tuple[str, int], ...], attendue: Issue) -> None:
    for ordre in permutations(dits):
        assert issue([part(AMO, *ordre), Part(0)]) is attendue


def test_rien_attendu_rien_verse() -> None:
    """An invoice whose two parts are the patient's own: the fund says paid, and pays nothing."""
    assert issue([part(0, ("P", 0)), Part(0)]) is Issue.PAYEE
    assert issue([part(0, ("R", 0)), Part(0)]) is Issue.REJETEE


@pytest.mark.parametrize(
    ("net_amo", "net_amc", "retenu", "attendue"),
    [
        (AMO + 250, AMC, -250, Issue.PAYEE),
        (AMO + 150, AMC + 100, -250, Issue.PAYEE),
        (AMO + 250, AMC, -249, Issue.ANOMALIE),
        (AMO + 250, AMC, 250, Issue.ANOMALIE),
        (AMO + 250, AMC, 0, Issue.ANOMALIE),
        (AMO + 350, AMC - 100, -250, Issue.ANOMALIE),  # the AMC part is short: somebody must look at it
        (AMO, AMC, -250, Issue.PAYEE),                 # a debt held back elsewhere takes nothing from this one
    ],
)
def test_un_trop_percu_retenu_exactement_est_solde(net_amo: int, net_amc: int, retenu: int, attendue: Issue) -> None:
    assert issue([part(AMO, ("P", net_amo)), part(AMC, ("P", net_amc))], retenu) is attendue


def test_les_issues_qui_comptent_sont_des_evenements_du_cycle() -> None:
    assert set(EVENEMENTS) <= EVENEMENTS_DU_CYCLE
