"""Numbers and words in agreement."""

from __future__ import annotations

import pytest

from sesam_desktop.commandes.nombres import compter


@pytest.mark.parametrize("nombre, mots, attendu", [
    (0, "lot", "0 lot"), (1, "facture écartée", "1 facture écartée"), (2, "facture écartée", "2 factures écartées"),
    (3, "message remis", "3 messages remis"),
])
def test_le_pluriel_commence_a_deux(nombre: int, mots: str, attendu: str) -> None:
    assert compter(nombre, mots) == attendu
