"""Check digits: published examples, public tables, and one altered digit always seen."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau import identifiants
from sesam_desktop.noyau.erreurs import EntreeInvalide

CIP13 = "3400936963504"  # BDPM, CIP7 3696350
SCAN = f"010{CIP13}17271231\x1d10LOT1"


@pytest.mark.parametrize(
    ("nir", "cle"), [("2550814168025", "38"), ("1801975000001", "31"), ("180192A000001", "88"), ("180192B000001", "18")]
)
def test_cle_nir(nir: str, cle: str) -> None:
    """97 − N mod 97; 2A is read 19 and 2B 18 (the first value is published)."""
    assert identifiants.cle_nir(nir) == cle
    assert identifiants.cle_nir(nir.lower()) == cle
    identifiants.exiger_nir(nir, cle)


@pytest.mark.parametrize(
    "nir", ["", "255081416802", "25508141680255", "2550814A68025", "255082C168025", "²550814168025"]
)
def test_nir_mal_forme(nir: str) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        identifiants.cle_nir(nir)
    assert refus.value.code == "NIR_INVALIDE"


def test_cle_nir_fausse_sans_repeter_le_numero() -> None:
    with pytest.raises(EntreeInvalide) as refus:
        identifiants.exiger_nir("1801975000001", "32")
    assert refus.value.code == "NIR_CLE_FAUSSE"
    assert "1801975" not in refus.value.phrase()


def test_ecrire_un_nir() -> None:
    assert identifiants.formater_nir("1801975000001", "31") == "1 80 19 75 000 001 31"
    assert identifiants.formater_nir("180192A000001") == "1 80 19 2A 000 001"
    assert identifiants.formater_nir("123") == "123"


@pytest.mark.parametrize("numero", ["10001234565", "291991107", "760312082", "0"])
def test_luhn(numero: str) -> None:
    """29199110 7 and 76031208 2 are published examples."""
    assert identifiants.luhn(numero)


@pytest.mark.parametrize("numero", ["", "10001234563", "76031208A", "²"])
def test_luhn_faux(numero: str) -> None:
    assert not identifiants.luhn(numero)


@given(st.text("0123456789", min_size=1, max_size=15), st.data())
def test_luhn_voit_un_chiffre_change(corps: str, donnees: st.DataObject) -> None:
    """One digit makes the number right, any other one makes it wrong."""
    justes = [c for c in "0123456789" if identifiants.luhn(corps + c)]
    assert len(justes) == 1
    numero = corps + justes[0]
    rang = donnees.draw(st.integers(0, len(numero) - 1))
    autre = donnees.draw(st.sampled_from([c for c in "0123456789" if c != numero[rang]]))
    assert not identifiants.luhn(numero[:rang] + autre + numero[rang + 1 :])


def test_numeros_de_professionnels() -> None:
    assert identifiants.rpps_valide("10001234565")
    assert not identifiants.rpps_valide("291991107")
    assert identifiants.numero_am_valide("291991107")
    assert not identifiants.numero_am_valide("10001234565")


@pytest.mark.parametrize(
    ("valide", "bons", "mauvais"),
    [
        (
            identifiants.cip7_valide, ["3696350", "4949729", "3000001", "4900001", "5500001"],
            ["3696351", "369635", "36963500", "369635A"],
        ),
        (identifiants.lpp_valide, ["1100028", "1100034"], ["1100029", "110002"]),
        (identifiants.ucd_valide, ["9231824", "9232120"], ["9231825", "3696350", "923182", "9231 24"]),
        (identifiants.nabm_valide, ["0552", "9005"], ["552", "00552", "B552", ""]),
        (identifiants.cip13_valide, [CIP13, "3400949497294"], ["3400936963505", "3400136963504", "3696350"]),
        (identifiants.ccam_valide, ["DEQP003"], ["DEQP03", "deqp003", "DEQP0030", "ÉEQP003"]),
    ],
)
def test_codes(valide, bons: list[str], mauvais: list[str]) -> None:
    assert all(valide(code) for code in bons)
    assert not any(valide(code) for code in mauvais)


def test_lpp_dont_le_reste_est_dix() -> None:
    """2×1 + 3×1 + 4×0 + 5×1 = 10: the key is written 0."""
    assert identifiants.lpp_valide("1101000")
    assert not identifiants.cip7_valide("1101000")


def test_cip13_d_un_cip7() -> None:
    assert identifiants.cip13_depuis_cip7("3696350") == CIP13
    with pytest.raises(EntreeInvalide) as refus:
        identifiants.cip13_depuis_cip7("36963")
    assert refus.value.code == "CIP_INVALIDE"


@pytest.mark.parametrize(
    "lecture", [CIP13, f" {CIP13}\n", "3696350", SCAN, "]d2" + SCAN, "\x1d" + SCAN, f"(01)0{CIP13}"]
)
def test_cip_d_un_scan(lecture: str) -> None:
    assert identifiants.cip13_depuis_scan(lecture) == CIP13


@pytest.mark.parametrize("lecture", ["", "3696351", "3400936963505", "0103400936963505", "bonjour", "9" * 100])
def test_scan_refuse(lecture: str) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        identifiants.cip13_depuis_scan(lecture)
    assert refus.value.code == "CIP_INVALIDE"
    assert len(refus.value.message) < 100


@given(st.text(max_size=30))
def test_un_scan_quelconque_est_lu_ou_refuse(lecture: str) -> None:
    try:
        assert identifiants.cip13_valide(identifiants.cip13_depuis_scan(lecture))
    except EntreeInvalide as refus:
        assert refus.code == "CIP_INVALIDE"


@given(st.text("0123456789", min_size=7, max_size=7))
def test_un_cip7_donne_toujours_un_cip13(cip7: str) -> None:
    assert identifiants.cip13_valide(identifiants.cip13_depuis_cip7(cip7))


def test_la_base_publique_des_medicaments(donnees_partagees: Path) -> None:
    """CIP13 = 34009 + CIP7 + EAN key on every row; the CIP7 key outside the ranges without key."""
    texte = (donnees_partagees / "bdpm" / "CIS_CIP_bdpm.txt").read_text(encoding="utf-8", errors="replace")
    rangees = [ligne.split("\t") for ligne in texte.splitlines() if ligne.strip()]
    assert len(rangees) > 20_000
    for rangee in rangees:
        assert identifiants.cip13_depuis_cip7(rangee[1]) == rangee[6]
        assert identifiants.cip7_valide(rangee[1])


def test_la_table_publique_lpp(donnees_partagees: Path) -> None:
    with (donnees_partagees / "tarifs" / "lpp_2020.csv").open(encoding="utf-8", newline="") as flux:
        codes = [ligne["code"] for ligne in csv.DictReader(flux)]
    assert len(codes) > 10_000
    assert all(identifiants.lpp_valide(code) for code in codes)
