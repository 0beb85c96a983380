"""Invoices of several trades by the command line, over the real public tables, amounts by hand.

The files of ../shared are imported as a user would; the test skips where they are absent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.commandes import lancer

IMPORTS = (
    ("ccam", "ccam/ccam_v81_2026-01-01.csv"), ("lpp", "snds/NT_LPP.csv"), ("nabm", "snds/IR_BIO_R.csv"),
    ("bdpm", "bdpm"),
)
PATIENT = {"nir": "1801975000001", "cle": "31", "date_naissance": "19800101", "regime": "01", "caisse": "721"}
PRESCRIPTION = {"date": "2026-03-01", "prescripteur": "10001234565", "specialite": "01"}
Ligne = list[Any]


@pytest.fixture(scope="module")
def profil(donnees_partagees: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    profil = tmp_path_factory.mktemp("reel") / "profil"
    for source, chemin in IMPORTS:
        with pytest.raises(SystemExit) as sortie:
            lancer(["--profil", str(profil), "referentiels", "importer", source, str(donnees_partagees / chemin)])
        assert not sortie.value.code
    yield profil


@pytest.fixture
def tarifer(profil: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    def lancee(profession: str, specialite: str, lignes: list[dict[str, Any]], **autres: Any) -> dict[str, Any]:
        executant = {"profession": profession, "specialite": specialite, "departement": "72"}
        executant |= autres.pop("executant", {})
        facture = {"date_soins": "2026-03-02", "executant": executant, "beneficiaire": PATIENT, "lignes": lignes}
        (tmp_path / "facture.json").write_text(json.dumps(facture | autres), encoding="utf-8")
        with pytest.raises(SystemExit) as sortie:
            lancer(["--profil", str(profil), "--json", "tarifer", str(tmp_path / "facture.json")])
        lu = capsys.readouterr()
        assert not sortie.value.code, lu.err
        return json.loads(lu.out)

    return lancee


def parts(reponse: dict[str, Any]) -> list[Ligne]:
    """[act, base, rate, exoneration, AMO, patient] of each line."""
    champs = ("acte", "base_centimes", "taux", "exoneration", "amo_centimes", "assure_centimes")
    return [[ligne[c] for c in champs] for ligne in reponse["lignes"]]


def test_cardiologue(tarifer: Callable[..., dict[str, Any]]) -> None:
    """CCAM v81: DEQP003 14,77 € in sector 1, × 70 % = 10,339 → 10,34; 13,81 € in sector 2, × 70 % = 9,667 → 9,67."""
    ligne = {"acte": "CCAM", "code": "DEQP003", "activite": "1", "phase": "0"}
    assert parts(tarifer("medecin", "03", [ligne], parcours="O")) == [["ATM", 1477, 7000, "0", 1034, 443]]
    libre = tarifer("medecin", "03", [ligne], parcours="O", executant={"convention": "3"})
    assert parts(libre) == [["ATM", 1381, 7000, "0", 967, 414]]


def test_chirurgien(tarifer: Callable[..., dict[str, Any]]) -> None:
    """CCAM v81: NFFC003 281,56 €, above 120 €: 100 % less the 24 € of the insured."""
    ligne = {"acte": "CCAM", "code": "NFFC003", "activite": "1", "phase": "0"}
    reponse = tarifer("medecin", "41", [ligne], parcours="O")
    assert parts(reponse) == [["ADC", 28156, 10000, "C", 25756, 2400]]
    assert reponse["lignes"][0]["participation_centimes"] == 2400


def test_anesthesiste(tarifer: Callable[..., dict[str, Any]]) -> None:
    """CCAM v81: activity 4 of NFFC003 105,02 €: under 120 €, 70 % = 73,514 → 73,51."""
    ligne = {"acte": "CCAM", "code": "NFFC003", "activite": "4", "phase": "0"}
    assert parts(tarifer("medecin", "02", [ligne], parcours="O")) == [["ADA", 10502, 7000, "0", 7351, 3151]]


def test_dentiste(tarifer: Callable[..., dict[str, Any]]) -> None:
    """CCAM v81: HBLD038 120,00 €, never exempted by the threshold (exo 5); 60 % since 15/10/2023 = 72,00."""
    ligne = {"acte": "CCAM", "code": "HBLD038", "activite": "1", "phase": "0", "dents": ["16"]}
    assert parts(tarifer("dentiste", "19", [ligne])) == [["CM0", 12000, 6000, "0", 7200, 4800]]


def test_laboratoire(tarifer: Callable[..., dict[str, Any]]) -> None:
    """NABM 1104, B 25 × 0,25 € = 6,25 €; 60 % = 3,75. The table is of 2020: the answer says so."""
    reponse = tarifer("laboratoire", "30", [{"acte": "NABM", "code": "1104"}], prescription=PRESCRIPTION)
    assert parts(reponse)[0] == ["B", 625, 6000, "0", 375, 250]
    assert any("2020" in alerte["message"] for alerte in reponse["alertes"])


def test_pharmacien(tarifer: Callable[..., dict[str, Any]]) -> None:
    """BDPM: 3400949497294 24,34 € and its fee 1,02 € at 100 %; HDR 0,61 at 70 % = 0,427 → 0,43."""
    reponse = tarifer(
        "pharmacien", "50", [{"acte": "MEDICAMENT", "cip13": "3400949497294"}], prescription=PRESCRIPTION
    )
    assert parts(reponse) == [
        ["PH1", 2434, 10000, "0", 2434, 0], ["HD1", 102, 10000, "0", 102, 0], ["HDR", 61, 7000, "0", 43, 18],
    ]
