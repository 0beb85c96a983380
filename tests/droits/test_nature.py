"""Nature of insurance proposed: each published rule, its bounds, and which one goes first (droits 8.2)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sesam_desktop.cartes.vitale import Periode
from sesam_desktop.droits.nature import Contexte, proposer

JOUR = date(2026, 3, 2)
OUVERTE = Periode(date(2026, 1, 1), date(2026, 6, 30))
FERMEE = Periode(date(2025, 1, 1), date(2025, 6, 30))


@pytest.mark.parametrize(
    ("champs", "attendue"),
    [
        ({}, "maladie"),
        ({"accident": OUVERTE, "soins_lies_accident": True}, "at"),
        ({"accident": OUVERTE}, "maladie"),
        ({"accident": FERMEE, "soins_lies_accident": True}, "maladie"),
        ({"exoneration_maternite": OUVERTE}, "maternite"),
        ({"exoneration_maternite": FERMEE}, "maladie"),
        ({"exoneration_maternite": OUVERTE, "accident": OUVERTE, "soins_lies_accident": True}, "at"),
        ({"soins_maternite": True}, "maternite"),
        ({"soins_maternite": True, "debut_grossesse": date(2026, 3, 2)}, "maternite"),
        ({"soins_maternite": True, "debut_grossesse": date(2026, 3, 3)}, "maladie"),
        ({"motif_prevention": True}, "prevention"),
        ({"motif_prevention": True, "exoneration_maternite": OUVERTE}, "maternite"),
        # beginning on 2 October: the sixth month begins on 2 March
        ({"motif_prevention": True, "debut_grossesse": date(2025, 10, 2)}, "maternite"),
        ({"motif_prevention": True, "debut_grossesse": date(2025, 10, 3)}, "prevention"),
        # the father's biology: four months after 3 November is 3 March
        ({"biologie_du_pere": True, "debut_grossesse": date(2025, 11, 3)}, "maternite"),
        ({"biologie_du_pere": True, "debut_grossesse": date(2025, 11, 2)}, "maladie"),
        ({"biologie_du_pere": True, "debut_grossesse": date(2026, 3, 3)}, "maladie"),
        ({"biologie_du_pere": True}, "maladie"),
        # twelve days after 18 February 2026 is 2 March
        ({"examen_enfant": True, "naissance": date(2026, 2, 18)}, "maternite"),
        ({"examen_enfant": True, "naissance": date(2026, 2, 17)}, "maladie"),
        ({"examen_enfant": True, "naissance": date(2026, 3, 3)}, "maladie"),
        ({"examen_enfant": True, "naissance": JOUR, "neonatologie": True}, "maladie"),
        ({"examen_enfant": True, "naissance": JOUR, "ame": True}, "maladie"),
        ({"examen_enfant": True}, "maladie"),
        ({"detenu": True, "exoneration_maternite": OUVERTE}, "maladie"),
    ],
)
def test_nature_proposee(champs: dict[str, Any], attendue: str) -> None:
    proposition = proposer(Contexte(JOUR, **champs))
    assert proposition.nature == attendue
    assert proposition.raison.endswith(".")


def test_le_sixieme_mois_d_une_grossesse_commencee_un_31() -> None:
    """Five months after 30 September 2025 is 28 February 2026."""
    debut = date(2025, 9, 30)
    assert proposer(Contexte(date(2026, 2, 27), debut_grossesse=debut, motif_prevention=True)).nature == "prevention"
    proposition = proposer(Contexte(date(2026, 2, 28), debut_grossesse=debut, motif_prevention=True))
    assert proposition.nature == "maternite"
    assert "28/02/2026" in proposition.raison


def test_la_fin_d_annee() -> None:
    """Five months after 15 July is 15 December; after 15 August, 15 January."""
    for debut, sixieme in ((date(2025, 7, 15), "15/12/2025"), (date(2025, 8, 15), "15/01/2026")):
        proposition = proposer(Contexte(JOUR, debut_grossesse=debut, motif_prevention=True))
        assert sixieme in proposition.raison
