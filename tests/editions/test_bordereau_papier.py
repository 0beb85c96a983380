from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sesam_desktop.editions import bordereau_papier
from tests.teletransmission.fabrique import facture_tarifee

from .test_duplicata import textes

JOUR = date(2026, 11, 22)


def test_les_feuilles_leurs_totaux_et_la_signature() -> None:
    factures = [facture_tarifee("000000001"), facture_tarifee("000000002")]
    (page,) = textes(bordereau_papier.composer("01 721 721 CPAM d'essai", JOUR, factures))
    for mention in (
        "BORDEREAU DE FEUILLES DE SOINS SUR PAPIER", "22/11/2026", "2 feuilles jointes", "01 721 721 CPAM d'essai",
        "MARTIN CLAIRE, n° 721001006", "000000001", "000000002", "1 80 19 72 000 001", "DURAND", "25,00", "50,00",
        "35,00", "signature", "Page 1 / 1",
    ):
        assert mention in page, mention


@pytest.mark.parametrize(("nombre", "pages"), [(1, 1), (40, 1), (41, 2)])
def test_toutes_les_feuilles_sont_imprimees_une_fois(nombre: int, pages: int) -> None:
    factures = [facture_tarifee(f"{rang:09d}") for rang in range(1, nombre + 1)]
    lues = textes(bordereau_papier.composer("01 721 721", JOUR, factures))
    assert len(lues) == pages
    assert sum(page.count("DURAND") for page in lues) == nombre
    assert ["Totaux" in page for page in lues] == [False] * (pages - 1) + [True]


def test_ecrire_le_fichier_au_nom_de_la_structure(tmp_path: Path) -> None:
    facture = facture_tarifee("000000001")
    executant = replace(facture.demande.executant, raison_sociale="PHARMACIE D'ESSAI")
    facture = replace(facture, demande=replace(facture.demande, executant=executant))
    octets = bordereau_papier.ecrire("01 721 721", JOUR, [facture], tmp_path / "b.pdf").read_bytes()
    (page,) = textes(octets)
    assert "PHARMACIE D'ESSAI" in page and "1 feuille jointe" in page
