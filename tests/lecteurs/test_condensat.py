"""SHA-256 with its state in the open, against the standard library (an independent implementation) and FIPS vectors."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs import condensat


def test_vecteur_fips() -> None:
    attendu = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert condensat.terminer(b"", 0, b"abc").hex() == attendu


@pytest.mark.parametrize("taille", [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 129, 5000])
def test_toutes_les_fins_de_bloc(taille: int) -> None:
    octets = bytes(i % 251 for i in range(taille))
    intermediaire, bits, reste = condensat.etat_intermediaire(octets)
    assert len(reste) <= 64
    assert bits % 512 == 0
    assert len(intermediaire) == (32 if bits else 0)
    assert condensat.terminer(intermediaire, bits, reste) == hashlib.sha256(octets).digest()


@given(st.binary(max_size=400))
def test_egal_a_hashlib(octets: bytes) -> None:
    assert condensat.terminer(*condensat.etat_intermediaire(octets)) == hashlib.sha256(octets).digest()
