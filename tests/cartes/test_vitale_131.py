"""Groups 40 and 41: hand-made groups with the published fields, and what is refused rather than guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.cartes.vitale import Assure, Couverture, GroupeInconnu, Mutuelle, Periode
from sesam_desktop.cartes.vitale_131 import carte_depuis
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide


def groupe(identifiant: int, *champs: str) -> Groupe:
    return Groupe(identifiant, tuple(c.encode("latin-1") for c in champs))


CARTE = groupe(40, "T", "12345678", "A", "1801975000001", "32", "01", "751", "0000", "10")
IDENTITE = ("DURAND", "MARTIN", "PAUL", "1 RUE DU TEST 75001 PARIS", "19521300", "1", "0")
UNE = ("1", "202001010000", "")
AUCUNE = ("0", "", "")
COUVERTE = ("1", "202001010000", "202912310000", "1", "0100")


def beneficiaire(*suite: str, mutuelle: tuple[str, str] = ("", "")) -> Groupe:
    return groupe(41, *IDENTITE, *mutuelle, *suite)


def test_carte_faite_a_la_main() -> None:
    couverte = beneficiaire(*UNE, "1", "202001010000", "202112310000", *COUVERTE, mutuelle=("12345678", "OOOOOONN"))
    carte = carte_depuis([CARTE, couverte, beneficiaire(*UNE, *AUCUNE, "0", "", "", "", "")])
    assert carte.assure == Assure("1801975000001", "32", "01", "751", "0000", "10")
    assert (carte.type, carte.numero_serie, carte.fin_validite, carte.droits_lus) == ("T", "12345678", None, True)
    paul, autre = carte.beneficiaires
    assert (paul.nom_usuel, paul.nom_patronymique, paul.prenom) == ("DURAND", "MARTIN", "PAUL")
    assert paul.adresse == ("1 RUE DU TEST 75001 PARIS", "", "", "", "")
    assert (paul.date_naissance, paul.rang, paul.qualite) == ("19521300", 1, "0")
    assert paul.droits == (Periode(date(2020, 1, 1), None),)
    assert paul.couvertures == (Couverture(date(2020, 1, 1), date(2029, 12, 31), "1", "0100"),)
    assert paul.mutuelle == Mutuelle(
        "12345678", "OOOOOONN", "", droits=(Periode(date(2020, 1, 1), date(2021, 12, 31)),)
    )
    assert (autre.mutuelle, autre.couvertures) == (None, ())


def test_plusieurs_periodes_allongent_le_groupe() -> None:
    deux = ("2", "201801010000", "201912310000", "202101010000", "")
    couvertures = ("2", "", "", "0", "0100", "202301010000", "", "1", "0200")
    [paul] = carte_depuis([CARTE, beneficiaire(*deux, *AUCUNE, *couvertures)]).beneficiaires
    assert paul.droits == (Periode(date(2018, 1, 1), date(2019, 12, 31)), Periode(date(2021, 1, 1), None))
    assert [c.situation for c in paul.couvertures] == ["0100", "0200"]


def test_groupe_inconnu_garde() -> None:
    paul = beneficiaire(*UNE, *AUCUNE, *COUVERTE)
    carte = carte_depuis([CARTE, groupe(42, "X"), paul, groupe(43, "Y")])
    assert carte.inconnus == (GroupeInconnu(42, (b"X",), None), GroupeInconnu(43, (b"Y",), 0))


@pytest.mark.parametrize(
    "groupes",
    [
        [],
        [beneficiaire(*UNE, *AUCUNE, *COUVERTE)],
        [groupe(40, "T")],
        [CARTE, CARTE],
        [CARTE, groupe(104, *[""] * 18)],
        [CARTE, groupe(41, "DURAND")],
        [CARTE, beneficiaire("2", "201801010000", "", *AUCUNE, *COUVERTE)],  # the second period is not there
        [CARTE, beneficiaire("99", *UNE[1:], *AUCUNE, *COUVERTE)],
        [CARTE, beneficiaire(*UNE, *AUCUNE, *COUVERTE, "de trop")],
        [CARTE, beneficiaire("un", *UNE[1:], *AUCUNE, *COUVERTE)],
        [CARTE, beneficiaire("1", "202013450000", "", *AUCUNE, *COUVERTE)],
        [CARTE, groupe(41, *IDENTITE, "", "", "0", "", "")],
    ],
)
def test_refus_types(groupes: list[Groupe]) -> None:
    with pytest.raises(FormatInvalide) as refus:
        carte_depuis(groupes)
    assert "DURAND" not in refus.value.phrase()


chiffres = st.sampled_from([b"", b"0", b"1", b"2", b"99", b"X", b"202001010000", b"000000000000"])


@given(st.lists(st.lists(chiffres, max_size=30).map(lambda c: Groupe(41, tuple(c))), max_size=3))
def test_refus_type_ou_carte(groupes: list[Groupe]) -> None:
    try:
        assert len(carte_depuis([CARTE, *groupes]).beneficiaires) == len(groupes)
    except ErreurConnue as refus:
        assert refus.phrase()
