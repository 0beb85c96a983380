from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sesam_desktop.editions import bordereaux
from sesam_desktop.editions.bordereaux import LotAImprimer
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Resume

from .test_duplicata import textes

LOT = LotAImprimer("012", date(2026, 3, 2), "01 721 — CPAM d'essai")


def resumes(nombre: int) -> list[Resume]:
    return [
        Resume(f"{rang:09d}", Etat.TRANSMISE, datetime(2026, 3, 2, tzinfo=UTC), date(2026, 3, 1), "DURAND ÉLODIE",
               "01721001", "S", 123456, 80246, 2000, 41210, "")
        for rang in range(1, nombre + 1)
    ]


def test_les_factures_du_lot_et_leurs_totaux() -> None:
    (page,) = textes(bordereaux.composer(LOT, resumes(2)))
    for mention in ("BORDEREAU DU LOT 012", "constitué le 02/03/2026", "2 factures", "01 721 — CPAM d'essai",
                    "000000001", "000000002", "01/03/2026", "DURAND ÉLODIE", "Transmise", "1 234,56", "2 469,12",
                    "1 604,92", "40,00"):
        assert mention in page, mention


@pytest.mark.parametrize(("nombre", "pages"), [(0, 1), (45, 1), (46, 2), (100, 3)])
def test_toutes_les_factures_sont_imprimees_une_fois(nombre: int, pages: int) -> None:
    lues = textes(bordereaux.composer(LOT, resumes(nombre)))
    assert len(lues) == pages
    assert sum(page.count("DURAND ÉLODIE") for page in lues) == nombre
    assert ["Totaux" in page for page in lues] == [False] * (pages - 1) + [True]


def test_ecrire_le_fichier(tmp_path: Path) -> None:
    assert bordereaux.ecrire(LOT, resumes(1), tmp_path / "b.pdf").read_bytes().startswith(b"%PDF-")
