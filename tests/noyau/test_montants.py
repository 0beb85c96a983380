"""Money and rates: half up, exact, written and read in French."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau import montants
from sesam_desktop.noyau.erreurs import EntreeInvalide


@pytest.mark.parametrize(
    ("numerateur", "denominateur", "attendu"),
    [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (5, 3, 2), (0, 7, 0), (7, 7, 1), (1, 2, 1), (-1, 2, -1)],
)
def test_arrondi_au_demi_superieur(numerateur: int, denominateur: int, attendu: int) -> None:
    assert montants.arrondir(numerateur, denominateur) == attendu


@pytest.mark.parametrize("denominateur", [0, -3])
def test_un_denominateur_est_positif(denominateur: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        montants.arrondir(1, denominateur)


@pytest.mark.parametrize(
    ("montant", "taux", "attendu"),
    [(2500, 7000, 1750), (1906, 7000, 1334), (415, 3000, 125), (333, 1500, 50), (2434, 10000, 2434), (1613, 6000, 968)],
)
def test_appliquer_un_taux(montant: int, taux: int, attendu: int) -> None:
    """17,50 and 13,34 are published; 16,13 × 60 % = 9,678 → 9,68; 4,15 × 30 % = 1,245 → 1,25."""
    assert montants.appliquer_taux(montant, taux) == attendu


def test_multiplier_par_un_coefficient() -> None:
    assert montants.multiplier(315, Decimal("1.5")) == 473  # 4,725
    assert montants.multiplier(61, Decimal("1.264")) == 77  # 0,77104
    assert montants.multiplier(-315, Decimal("1.5")) == -473


@given(st.integers(-10**12, 10**12), st.integers(1, 10**6))
def test_arrondi_comme_decimal(numerateur: int, denominateur: int) -> None:
    exact = Decimal(numerateur) / Decimal(denominateur)
    assert abs(montants.arrondir(numerateur, denominateur) * denominateur - numerateur) * 2 <= denominateur
    if abs(exact % 1) != Decimal("0.5"):
        return
    assert montants.arrondir(numerateur, denominateur) == exact.to_integral_value(ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("montant", "attendu"),
    [(0, "0,00"), (5, "0,05"), (123456, "1\u202f234,56"), (-950, "-9,50"), (100000000, "1\u202f000\u202f000,00")],
)
def test_ecrire_un_montant(montant: int, attendu: str) -> None:
    assert montants.formater(montant) == attendu


def test_ecrire_un_montant_avec_son_unite() -> None:
    assert montants.formater(250, unite="€") == "2,50\u00a0€"


@pytest.mark.parametrize(("taux", "attendu"), [(7000, "70\u00a0%"), (6550, "65,5\u00a0%"), (105, "1,05\u00a0%")])
def test_ecrire_un_taux(taux: int, attendu: str) -> None:
    assert montants.formater_taux(taux) == attendu


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("8", 800), ("12.5", 1250), ("12,50 €", 1250), ("1 234,56", 123456), ("1\u202f234,56", 123456),
        ("1\u00a0234,5", 123450), ("-3,2", -320), ("1234,56", 123456), ("10000", 1000000), (" 0,05", 5),
    ],
)
def test_lire_un_montant(texte: str, attendu: int) -> None:
    assert montants.lire_montant(texte) == attendu


@pytest.mark.parametrize("texte", ["", "€", "1,234", "1e3", "NaN", "12,5,5", "1 23", "٣,50", "--3", "1,"])
def test_montant_refuse(texte: str) -> None:
    with pytest.raises(EntreeInvalide):
        montants.lire_montant(texte)


@given(st.integers(-10**11, 10**11))
def test_un_montant_ecrit_se_relit(montant: int) -> None:
    assert montants.lire_montant(montants.formater(montant, unite="€")) == montant


@pytest.mark.parametrize(
    ("texte", "attendu"), [("65%", 6500), ("65 %", 6500), ("65\u00a0%", 6500), ("35,5", 3550), ("100", 10000), ("0", 0)]
)
def test_lire_un_taux(texte: str, attendu: int) -> None:
    assert montants.lire_taux(texte) == attendu


@pytest.mark.parametrize("texte", ["", "%", "100,01", "101 %", "-5", "1,234", "٦٥"])
def test_taux_refuse(texte: str) -> None:
    with pytest.raises(EntreeInvalide):
        montants.lire_taux(texte)


@given(st.integers(0, 10_000))
def test_un_taux_ecrit_se_relit(taux: int) -> None:
    assert montants.lire_taux(montants.formater_taux(taux)) == taux
