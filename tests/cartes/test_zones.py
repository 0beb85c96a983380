"""SSV zones: hand-made bytes of the documented encoding, lies, and round trips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.cartes import zones
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import FormatInvalide

groupes = st.lists(
    st.builds(Groupe, st.integers(0, 0xFFFF), st.lists(st.binary(max_size=140), max_size=6).map(tuple)), max_size=6
)


def test_groupe_de_droits_fait_a_la_main() -> None:
    octets = bytes.fromhex("0069 0E 0C".replace(" ", "")) + b"202001010000" + b"\x00"
    assert zones.lire(octets) == [Groupe(105, (b"202001010000", b""))]
    assert zones.ecrire([Groupe(105, (b"202001010000", b""))]) == octets


def test_longueur_sur_deux_octets() -> None:
    champ = b"A" * 150  # group length 152 = 81 98, field length 150 = 81 96 plus its own two bytes
    octets = bytes.fromhex("006F8198") + bytes.fromhex("8196") + champ
    assert zones.lire(octets) == [Groupe(111, (champ,))]
    assert zones.ecrire(zones.lire(octets)) == octets


def test_texte_latin1_sans_blancs_de_fin() -> None:
    assert Groupe(104, ("LÉA  ".encode("latin-1"),)).texte(1) == "LÉA"


@pytest.mark.parametrize(
    ("octets", "position"),
    [
        ("00", 1),  # group number cut
        ("0069", 3),  # no group length
        ("006905AA", 3),  # group longer than the file
        ("00690205AA", 4),  # field longer than its group
        ("006980", 3),  # indefinite length
        ("00690181", 4),  # field length cut
    ],
)
def test_mensonges_refuses_avec_leur_position(octets: str, position: int) -> None:
    with pytest.raises(FormatInvalide) as refus:
        zones.lire(bytes.fromhex(octets))
    assert refus.value.code == "ZONE_INVALIDE"
    assert refus.value.position == position


def test_zone_demesuree() -> None:
    with pytest.raises(FormatInvalide):
        zones.lire(bytes(zones.TAILLE_MAXIMALE + 1))


@given(groupes)
def test_aller_retour(liste: list[Groupe]) -> None:
    assert zones.lire(zones.ecrire(liste)) == liste


@given(st.binary(max_size=300))
def test_refus_type_ou_lecture(octets: bytes) -> None:
    try:
        zones.lire(octets)
    except FormatInvalide as refus:
        assert refus.position >= 1
