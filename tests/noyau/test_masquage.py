"""Nothing personal survives masking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau import masquage
from sesam_desktop.noyau.masquage import masquer


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("patient 1801975000001.", "patient [NIR]."),
        ("patient 180197500000131", "patient [NIR]"),
        ("patient 1 80 19 75 000 001 31", "patient [NIR]"),
        ("patient 1.80.19.2A.000.001", "patient [NIR]"),
        ("RPPS 10001234565", "RPPS [RPPS]"),
        ("n° 291991107", "n° [numéro]"),
        ("PIN=1234 fin", "PIN=[code] fin"),
        ("code porteur : 1234", "code porteur : [code]"),
        ("Mot de passe: secret", "Mot de passe: [code]"),
        ("clé " + "QUJD" * 20, "clé [base64]"),
        ("facture 000123, CIP7 3696350, 12,50 €", "facture 000123, CIP7 3696350, 12,50 €"),
        ("", ""),
    ],
)
def test_masquer(texte: str, attendu: str) -> None:
    assert masquer(texte) == attendu


def test_les_noms_declares() -> None:
    masquage.retenir("DURAND", " Élodie ", "AB", "")
    assert masquer("Mme durand élodie, AB, DURANDAL") == "Mme [nom] [nom], AB, [nom]AL"
    masquage.oublier()
    assert masquer("DURAND") == "DURAND"


def test_un_nom_declare_n_est_pas_un_motif() -> None:
    masquage.retenir("a.c(")
    assert masquer("abc( a.c(") == "abc( [nom]"


def test_le_nom_le_plus_long_d_abord() -> None:
    masquage.retenir("MARTIN", "MARTIN-DURAND")
    assert masquer("MARTIN-DURAND") == "[nom]"


@given(st.text(max_size=120))
def test_masquer_deux_fois_ne_change_rien(texte: str) -> None:
    une = masquer(texte)
    assert masquer(une) == une


_ENTOURAGE = st.text(" abc:,;()", max_size=8)


@given(st.integers(1, 8), st.integers(0, 10**12 - 1), _ENTOURAGE, _ENTOURAGE)
def test_un_nir_ne_passe_jamais(sexe: int, reste: int, avant: str, apres: str) -> None:
    nir = f"{sexe}{reste:012d}"
    assert nir not in masquer(f"{avant} {nir} {apres}")
