"""Groups of a CPS: hand-made groups with the documented fields, round trips, typed refusals."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.cartes import zones
from sesam_desktop.cartes.ps import CartePS, Identification, Remplacant, Situation, Structure
from sesam_desktop.cartes.ps_zones import carte_depuis, groupes_de
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

TITULAIRE = Groupe(1, (b"0", b"8", b"1000000001", b"7", b"22", b"MARTIN", b"CLAIRE"))
CHAMPS = (
    *(b"\x01", b"0", b"1", b"86", b"1", b"72200001", b"5", b"PHARMACIE", b"72200001", b"5", b"", b""),
    *(b"1", b"50", b"24", b"0", b"1", b"2", b"3", b"1", b"N"),
)


def _situation(**changements: bytes) -> Groupe:
    champs = list(CHAMPS)
    for numero, valeur in changements.items():
        champs[int(numero[1:]) - 1] = valeur
    return Groupe(2, tuple(champs))


def test_carte_faite_a_la_main() -> None:
    carte = carte_depuis([TITULAIRE, _situation(), _situation(c1=b"\x10", c11=b"72200009", c12=b"8")], "0000000001")
    assert carte.identification == Identification("8", "1000000001", "7")
    assert (carte.type_carte, carte.civilite, carte.nom, carte.prenom) == ("0", "22", "MARTIN", "CLAIRE")
    assert carte.numero_serie == "0000000001"
    premiere, seconde = carte.situations
    assert premiere.structure == Structure("1", "72200001", "5", "PHARMACIE")
    assert (premiere.rang, premiere.convention, premiere.specialite) == (1, "1", "50")
    assert (premiere.zone_tarifaire, premiere.zone_ik, premiere.agrements) == ("24", "0", ("1", "2", "3"))
    assert (premiere.signe_facture, premiere.signe_lot, premiere.remplacant) == (True, False, None)
    assert (seconde.rang, seconde.remplacant) == (16, Remplacant("72200009", "8"))


@pytest.mark.parametrize(
    "groupes",
    [
        [],
        [_situation()],
        [Groupe(1, (b"0",))],
        [TITULAIRE, TITULAIRE],
        [TITULAIRE, Groupe(2, (b"\x01",))],
        [TITULAIRE, _situation(c1=b"01")],
        [TITULAIRE, _situation(c8=b"PHARMACIE\x1b[2J")],
        [TITULAIRE, _situation(c20=b"?")],
        [TITULAIRE, _situation(), _situation()],  # one logical number twice
        [TITULAIRE, Groupe(101, (b"T",))],  # a group of another card
    ],
)
def test_refus_types(groupes: list[Groupe]) -> None:
    with pytest.raises(FormatInvalide) as refus:
        carte_depuis(groupes)
    assert "MARTIN" not in refus.value.phrase()


def test_groupe_inconnu_garde_et_recopie() -> None:
    inconnu = Groupe(7, (b"\xff", b""))
    carte = carte_depuis([TITULAIRE, inconnu, _situation()])
    assert carte.inconnus == ((7, (b"\xff", b"")),)
    assert [s.rang for s in carte.situations] == [1]
    assert groupes_de(carte)[-1] == inconnu


texte = st.text(string.ascii_uppercase + string.digits, max_size=12)
remplacants = st.none() | st.builds(Remplacant, texte.filter(bool), texte)
situations = st.builds(
    Situation,
    st.integers(0, 255),
    *[texte] * 3,
    st.builds(Structure, texte, texte, texte, texte),
    *[texte] * 6,
    st.tuples(texte, texte, texte),
    remplacants,
    st.booleans(),
    st.booleans(),
)
identites = st.builds(Identification, texte, texte, texte)
plusieurs = st.lists(situations, max_size=4, unique_by=lambda s: s.rang).map(tuple)
cartes = st.builds(CartePS, texte, identites, texte, texte, texte, plusieurs)


@given(cartes)
def test_aller_retour(carte: CartePS) -> None:
    assert carte_depuis(zones.lire(zones.ecrire(groupes_de(carte)))) == carte


@given(
    st.lists(st.lists(st.binary(max_size=4), min_size=21, max_size=21).map(lambda c: Groupe(2, tuple(c))), max_size=3)
)
def test_refus_type_ou_carte(groupes: list[Groupe]) -> None:
    try:
        assert len(carte_depuis([TITULAIRE, *groupes]).situations) == len(groupes)
    except ErreurConnue as refus:
        assert refus.phrase()
