import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.montants import formater
from sesam_desktop.noyau.tableur import sans_formule


@pytest.mark.parametrize(
    "texte",
    ["=1+1", "+33", "-A1", "-2+3", "-2+3+cmd|' /C calc'!A0", "-1-1", "--1", "-", "-1\n", "@A", "\t=1", "\r=1", "\n=1"],
)
def test_ce_qui_serait_une_formule_devient_un_texte(texte: str) -> None:
    assert sans_formule(texte) == f"'{texte}"


@pytest.mark.parametrize("texte", ["", "DURAND", "12,00", "-12,00", "-1\u202f234,56\u00a0€", "-5 %", "1+1", "'=1"])
def test_le_reste_ne_change_pas(texte: str) -> None:
    assert sans_formule(texte) == texte


@given(st.integers(-(10**12), 10**12), st.sampled_from(["", "€"]))
def test_un_montant_reste_un_montant(centimes: int, unite: str) -> None:
    texte = formater(centimes, unite=unite)
    assert sans_formule(texte) == texte
