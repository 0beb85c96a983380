"""BER-TLV: hand-made objects, lies, and round trips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.cartes import tlv
from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.noyau.erreurs import FormatInvalide

etiquettes = st.sampled_from([0x01, 0x65, 0x80, 0x93, 0xE0, 0x5F37, 0x7F21, 0xBF8101])
objets = st.lists(st.builds(Tlv, etiquettes, st.binary(max_size=300)), max_size=6)


def test_noms_et_remplissage() -> None:
    octets = bytes.fromhex("6508 8003 4F4E45 81 01 41".replace(" ", "")) + bytes(10)
    [titulaire] = tlv.lire(octets)
    assert titulaire.enfants() == [Tlv(0x80, b"ONE"), Tlv(0x81, b"A")]
    assert tlv.trouver(titulaire.enfants(), 0x81) == b"A"
    assert tlv.trouver(titulaire.enfants(), 0x93) is None


def test_etiquettes_longues_et_longueurs_longues() -> None:
    valeur = bytes(300)
    octets = bytes.fromhex("7F2182012C") + valeur + bytes.fromhex("5F378180") + bytes(128)
    assert tlv.lire(octets) == [Tlv(0x7F21, valeur), Tlv(0x5F37, bytes(128))]


def test_remplissage_entre_les_objets() -> None:
    """ISO 7816-4: erased objects leave 00 or FF, before, between and after the others."""
    assert tlv.lire(bytes.fromhex("00FF 800141 FFFF0000 810142 00FF00")) == [Tlv(0x80, b"A"), Tlv(0x81, b"B")]
    assert tlv.lire(bytes.fromhex("0000FF")) == []
    assert tlv.lire(bytes.fromhex("80020000")) == [Tlv(0x80, bytes(2))]  # inside a value they are the value


@pytest.mark.parametrize(
    "octets",
    [
        "65",  # no length
        "6505AA",  # length past the end
        "6580AA0000",  # indefinite length
        "658401000000",  # four bytes of length
        "658201",  # length cut
        "5F",  # tag cut
        "5F8181810100",  # tag of four bytes
        "65008101",  # value missing
        "0000FF6505AA",  # length past the end, after padding
    ],
)
def test_mensonges_refuses(octets: str) -> None:
    with pytest.raises(FormatInvalide) as refus:
        tlv.lire(bytes.fromhex(octets))
    assert refus.value.position >= 1


def test_longueur_impossible_a_ecrire() -> None:
    with pytest.raises(FormatInvalide):
        tlv.ecrire_longueur(1 << 24)


@given(objets)
def test_aller_retour(liste: list[Tlv]) -> None:
    assert tlv.lire(tlv.ecrire(liste)) == liste
    assert tlv.lire(tlv.ecrire(liste) + bytes(7)) == liste
    assert tlv.lire(tlv.ecrire(liste) + b"\xff" * 7) == liste


@given(st.binary(max_size=200))
def test_refus_type_ou_lecture(octets: bytes) -> None:
    try:
        tlv.lire(octets)
    except FormatInvalide as refus:
        assert refus.phrase()
