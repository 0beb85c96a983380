"""The complementary card of the project: hand-made bytes, whom it covers, what it completes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.cartes import duo
from sesam_desktop.cartes.atr import ATR_DUO, GenreCarte, reconnaitre
from sesam_desktop.cartes.duo import CarteDuo, completer, ecrire, lire
from sesam_desktop.cartes.noms import comparable
from sesam_desktop.cartes.puce_vitale import IdentitePuce
from sesam_desktop.cartes.vitale import Amc, Beneficiaire, Mutuelle, Periode
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

JOUR = date(2026, 11, 22)
AMC = Amc("0000000099", "", "00000042", "23", date(2024, 1, 1), date(2027, 12, 31), "OC", "001", "EXEMPLE.TEST", "M")
PAUL = IdentitePuce("DURAND", "PAUL", "19850412", "1851972000001", "62")
ZOE = IdentitePuce("DURAND", "ZOÉ", "20141300")
CARTE = CarteDuo("7000001", (PAUL, ZOE), AMC)
PATIENT = Beneficiaire("DURAND", "", "PAUL", nir_certifie="1851972000001", date_naissance="19850412")
LISTE = Path("/usr/share/pcsc/smartcard_list.txt")


def _tlv(etiquette: int, valeur: bytes) -> bytes:
    longueur = [len(valeur)] if len(valeur) < 128 else [0x81, len(valeur)]
    return bytes([etiquette, *longueur]) + valeur


def test_carte_faite_a_la_main() -> None:
    paul = _tlv(0x80, b"DURAND") + _tlv(0x81, b"PAUL") + _tlv(0x82, b"19850412") + _tlv(0x93, b"185197200000162")
    champs = (
        *(b"0000000099", b"", b"00000042", b"23", b"202401010000", b"202712310000"),
        *(b"OC", b"001", b"EXEMPLE.TEST", b"M", b"", b""),
    )
    corps = b"".join(bytes([len(c)]) + c for c in champs)
    zone = b"\x00\x6d" + bytes([len(corps)]) + corps
    contenu = _tlv(0x80, b"01") + _tlv(0x85, b"7000001") + _tlv(0x65, paul) + _tlv(0xA1, zone)
    lue = lire(_tlv(0xE1, contenu) + bytes(40))
    assert lue == CarteDuo("7000001", (PAUL,), AMC)
    assert lue.adherent == PAUL


def test_aller_retour() -> None:
    assert lire(ecrire(CARTE)) == CARTE


def test_atr_d_aucune_carte_connue() -> None:
    assert reconnaitre(bytes.fromhex(ATR_DUO)) is GenreCarte.DUO
    assert GenreCarte.DUO.est_duo
    if not LISTE.exists():
        pytest.skip("pcsc-tools n'est pas installé")
    masques = [m.replace(" ", "") for m in re.findall(r"^(3[BF] .*?)\s*$", LISTE.read_text("utf-8", "replace"), re.M)]
    assert len(masques) > 1000
    assert not [m for m in masques if re.fullmatch(m, ATR_DUO)]


@pytest.mark.parametrize(
    "beneficiaire",
    [
        PATIENT,
        replace(PATIENT, nom_usuel="MARTIN", prenom="X", date_naissance=""),  # the personal NIR decides
        replace(PATIENT, nir_certifie=""),
        replace(PATIENT, nom_usuel="MARTIN", nom_patronymique="Durand", nir_certifie=""),
        Beneficiaire("DURAND", "", "ZOE", date_naissance="20141300"),  # lunar date, accent
    ],
)
def test_patient_couvert(beneficiaire: Beneficiaire) -> None:
    assert completer(beneficiaire, CARTE, JOUR).amc == AMC


@pytest.mark.parametrize(
    "beneficiaire",
    [
        replace(PATIENT, nir_certifie="1851972000002"),  # same name and birth date, somebody else
        replace(PATIENT, nir_certifie="", date_naissance="19850413"),
        replace(PATIENT, nir_certifie="", prenom="JEAN"),
        replace(PATIENT, nir_certifie="", nom_usuel="DUPONT"),
        Beneficiaire("", "", "ZOE", date_naissance=""),
    ],
)
def test_autre_patient(beneficiaire: Beneficiaire) -> None:
    with pytest.raises(ErreurConnue) as refus:
        completer(beneficiaire, CARTE, JOUR)
    assert refus.value.code == "DUO_AUTRE_PATIENT"
    assert "DURAND" not in refus.value.phrase()


def test_ce_que_la_vitale_dit_l_emporte() -> None:
    sa_mutuelle = replace(PATIENT, mutuelle=Mutuelle("12345678", "", "01", droits=(Periode(date(2020, 1, 1), None),)))
    assert completer(sa_mutuelle, CARTE, JOUR) is sa_mutuelle
    perimee = replace(sa_mutuelle, mutuelle=replace(sa_mutuelle.mutuelle, droits=(Periode(None, date(2021, 1, 1)),)))
    complete = completer(perimee, CARTE, JOUR)
    assert (complete.mutuelle, complete.amc) == (None, AMC)


@pytest.mark.parametrize("jour", [date(2023, 12, 31), date(2028, 1, 1)])
def test_carte_hors_de_sa_periode(jour: date) -> None:
    with pytest.raises(ErreurConnue) as refus:
        completer(PATIENT, CARTE, jour)
    assert refus.value.code == "DUO_PERIMEE"


SANS_AMC = ecrire(CARTE).replace(b"\x00\x6d", b"\x00\x6b", 1)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        bytes(64),
        ecrire(CARTE)[:-1],
        ecrire(CARTE).replace(b"\x80\x0201", b"\x80\x0202", 1),  # a version of tomorrow
        ecrire(replace(CARTE, personnes=())),
        ecrire(replace(CARTE, numero_serie="")),
        ecrire(replace(CARTE, personnes=(ZOE,) * (duo.PERSONNES_MAXIMUM + 1))),
        SANS_AMC,
    ],
)
def test_refus_types(octets: bytes) -> None:
    with pytest.raises(FormatInvalide) as refus:
        lire(octets)
    assert "DURAND" not in refus.value.phrase()


@given(st.binary(max_size=200))
def test_refus_type_ou_carte(octets: bytes) -> None:
    for essai in (octets, _tlv(0xE1, octets[:120])):
        try:
            assert lire(essai).personnes
        except FormatInvalide as refus:
            assert refus.phrase()


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [("Zoé-Anne d’Arc ", "ZOE ANNE D ARC"), ("ÇA  VA", "CA VA"), ("---", ""), ("Œuvre", "OEUVRE")],
)
def test_noms_comparables(nom: str, attendu: str) -> None:
    assert comparable(nom) == attendu
