"""`tarifer --et-si`: the same invoice on another date, or in another situation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .ligne import Ligne
from .test_tarifer import INFIRMIER


@pytest.fixture
def fichier(tmp_path: Path):
    def ecrire(facture: Any) -> Path:
        chemin = tmp_path / "facture.json"
        chemin.write_text(json.dumps(facture), encoding="utf-8")
        return chemin

    return ecrire


def test_et_si_compare_deux_situations(ligne: Ligne, fichier) -> None:
    """18,15 at 60 % is 10,89; in ALD everything: 18,15, 7,26 more for the AMO."""
    reponse = ligne.json("tarifer", fichier(INFIRMIER), "--et-si", "lignes[0].ald=true")
    assert set(reponse) == {"reference", "hypothese", "differences"}
    assert reponse["reference"]["totaux"]["amo_centimes"] == 1089
    assert reponse["hypothese"]["totaux"]["amo_centimes"] == 1815
    differences = reponse["differences"]
    assert differences["totaux"] == {
        "facture_centimes": 0, "base_centimes": 0, "amo_centimes": 726, "amc_centimes": 0, "assure_centimes": -726,
    }
    premiere = differences["lignes"][0]
    assert (premiere["acte"], premiere["avant"]["taux"], premiere["apres"]["taux"]) == ("AMI", 6000, 10000)
    assert premiere["regles_ajoutees"] and premiere["regles_retirees"]


def test_et_si_change_de_date(ligne: Ligne, fichier) -> None:
    """In 2004 the tables have nothing: refused. In December 2025 the prices are those of 2026."""
    assert "[DATE_HORS_TABLES]" in ligne.refus("tarifer", fichier(INFIRMIER), "--et-si", "date_soins=2004-01-05")
    reponse = ligne.json("tarifer", fichier(INFIRMIER), "--et-si", "date_soins=2025-12-01")
    assert reponse["differences"]["totaux"]["facture_centimes"] == 0
    assert reponse["hypothese"]["lignes"][0]["date"] == "2025-12-01"


def test_et_si_pour_une_personne(ligne: Ligne, fichier) -> None:
    statut, sortie, _ = ligne("tarifer", fichier(INFIRMIER), "--et-si", "lignes[0].ald=true")
    assert statut == 0
    assert "Total 0,00 € : AMO +7,26 €, AMC 0,00 €, patient -7,26 €" in sortie
    egal = ligne("tarifer", fichier(INFIRMIER), "--et-si", "lignes[0].ald=false")[1]
    assert "Différences\nAucune." in egal


@pytest.mark.parametrize(("hypothese", "code"), [
    ("sans egal", "HYPOTHESE_INVALIDE"), ("beneficiaire.inconnu=1", "CHAMP_INCONNU"),
    ("date_soins=hier", "DATE_INVALIDE"),
])
def test_une_hypothese_mal_ecrite(ligne: Ligne, fichier, hypothese: str, code: str) -> None:
    assert f"[{code}]" in ligne.refus("tarifer", fichier(INFIRMIER), "--et-si", hypothese)
