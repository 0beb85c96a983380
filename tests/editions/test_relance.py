from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sesam_desktop.editions import relance
from sesam_desktop.editions.relance import Lettre, LigneRelance

from .test_duplicata import textes


def lettre(nombre: int) -> Lettre:
    lignes = tuple(
        LigneRelance(f"{rang:09d}", "AMO", date(2026, 3, 1), date(2026, 3, 2), 1750, 500, 1250)
        for rang in range(1, nombre + 1)
    )
    return Lettre(("MARTIN CLAIRE, n° 721001006",), "CPAM d'essai", date(2026, 5, 4), lignes)


def test_ce_que_dit_la_lettre() -> None:
    """Three invoices on which 12,50 € are missing: 37,50 €."""
    (page,) = textes(relance.composer(lettre(3)))
    for mention in ("MARTIN CLAIRE, n° 721001006", "CPAM d'essai", "Le 04/05/2026", "000000003", "02/03/2026", "17,50",
                    "5,00", "12,50", "37,50"):  # fmt: skip
        assert mention in page, mention


@pytest.mark.parametrize(("nombre", "pages"), [(0, 1), (38, 1), (39, 2)])
def test_toutes_les_factures_y_sont_une_fois(nombre: int, pages: int) -> None:
    lues = textes(relance.composer(lettre(nombre)))
    assert len(lues) == pages
    assert sum(page.count("12,50") for page in lues) == nombre
    assert ["Total" in page for page in lues] == [False] * (pages - 1) + [True]


def test_ecrite_sur_le_disque(tmp_path: Path) -> None:
    assert relance.ecrire(lettre(1), tmp_path / "relance.pdf").read_bytes().startswith(b"%PDF")
