"""Public data of the chip: hand-made bytes with the published tags, round trips, typed refusals."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.cartes.puce_vitale import (
    FichierPuce,
    IdentitePuce,
    debut_validite,
    ecrire_identites,
    ecrire_plan,
    fichiers,
    identites,
)
from sesam_desktop.noyau.erreurs import FormatInvalide

VITALE = bytes.fromhex("D250000002564954414C45")


def _tlv(etiquette: int, valeur: bytes) -> bytes:
    return bytes([etiquette, len(valeur)]) + valeur


def test_identites_faites_a_la_main() -> None:
    paul = _tlv(0x80, b"DURAND  ") + _tlv(0x81, b"PAUL") + _tlv(0x82, b"19800101") + _tlv(0x90, b"FRA")
    lea = _tlv(0x80, b"DURAND") + _tlv(0x81, "LÉA".encode("latin-1")) + _tlv(0x82, b"20101300")
    fichier_identite = _tlv(0x65, paul) + _tlv(0x65, lea) + _tlv(0x66, _tlv(0x80, b"20200115")) + bytes(9)
    fichier_nir = _tlv(0x65, _tlv(0x93, b"180197500000132")) + _tlv(0x65, _tlv(0x93, b"280192A00000138")) + bytes(3)
    assert identites(fichier_identite, fichier_nir) == [
        IdentitePuce("DURAND", "PAUL", "19800101", "1801975000001", "32", "FRA"),
        IdentitePuce("DURAND", "LÉA", "20101300", "280192A000001", "38"),
    ]
    assert debut_validite(fichier_identite) == date(2020, 1, 15)


def test_sans_date_de_validite() -> None:
    assert debut_validite(_tlv(0x65, b"")) is None
    assert debut_validite(_tlv(0x66, b"")) is None


def test_plan_fait_a_la_main() -> None:
    application = _tlv(0x82, b"\x00\x05\x00\x00" + VITALE)
    fichier = _tlv(0x80, b"NIR     " + b"\x00\x05" + b"\x20\x03")
    plan = _tlv(0xE0, _tlv(0xA0, application) + fichier) + bytes(20)
    assert fichiers(plan) == [FichierPuce(VITALE, "NIR", 0x2003)]


@pytest.mark.parametrize(
    "plan",
    [
        b"",
        _tlv(0x65, b""),
        _tlv(0xE0, _tlv(0x80, b"court")),
        _tlv(0xE0, _tlv(0x80, b"NIR     " + b"\x00\x09" + b"\x20\x03")),  # entry nobody declared
    ],
)
def test_plans_refuses(plan: bytes) -> None:
    with pytest.raises(FormatInvalide):
        fichiers(plan)


NIR = _tlv(0x65, _tlv(0x93, b"180197500000132"))
DURAND = _tlv(0x80, b"DURAND")


@pytest.mark.parametrize(
    ("identite", "nir"),
    [
        (b"", b""),
        (_tlv(0x65, b""), b""),  # as many NIR as holders
        (_tlv(0x65, DURAND), b""),
        (_tlv(0x65, DURAND + _tlv(0x82, b"1er mai")), NIR),
        (_tlv(0x65, _tlv(0x81, b"PAUL") + _tlv(0x82, b"19800101")), NIR),  # nobody's name: no patient
        (_tlv(0x65, _tlv(0x80, b"   ")), NIR),
        (_tlv(0x65, _tlv(0x80, b"DU\x9bRAND")), NIR),  # no character of Latin-1
        (_tlv(0x65, _tlv(0x80, b"DU\0RAND")), NIR),
        (_tlv(0x65, DURAND), _tlv(0x65, _tlv(0x93, b"28019752A000132"))),  # letters elsewhere than in the department
        (_tlv(0x65, DURAND), _tlv(0x65, _tlv(0x93, b"280192C00000132"))),  # no such department
        (_tlv(0x65, DURAND), _tlv(0x65, _tlv(0x93, b"12"))),
    ],
)
def test_identites_refusees(identite: bytes, nir: bytes) -> None:
    with pytest.raises(FormatInvalide) as refus:
        identites(identite, nir)
    assert refus.value.code == "CARTE_ILLISIBLE"


@pytest.mark.parametrize(
    ("ecrite", "lue"), [(b"19521300", "19521300"), (b"20000000", "20000000"), (b"00000000", ""), (b"        ", "")]
)
def test_naissance_lunaire_ou_absente(ecrite: bytes, lue: str) -> None:
    """As the SSV zones: zeros and blanks mean absent, an impossible month does not."""
    [seul] = identites(_tlv(0x65, DURAND + _tlv(0x82, ecrite)), NIR)
    assert seul.naissance == lue


noms = st.text("ABCDEFÉÈ' -", max_size=27).map(str.rstrip)
personnes = st.builds(
    IdentitePuce,
    noms.filter(bool),
    noms,
    st.sampled_from(["", "19800101", "19521300"]),
    st.just("1801975000001"),
    st.just("32"),
    st.sampled_from(["", "FRA"]),
)


@given(st.lists(personnes, min_size=1, max_size=19))
def test_aller_retour_identites(liste: list[IdentitePuce]) -> None:
    fichier_identite, fichier_nir = ecrire_identites(liste, date(2020, 1, 1))
    assert identites(fichier_identite + bytes(30), fichier_nir + bytes(30)) == liste
    assert debut_validite(fichier_identite) == date(2020, 1, 1)


def test_aller_retour_plan() -> None:
    liste = [FichierPuce(VITALE, "NIR", 0x2003), FichierPuce(b"\xd2" * 14, "IDENTITE", 0x2002)]
    assert fichiers(ecrire_plan(liste)) == liste


@given(st.binary(max_size=120), st.binary(max_size=120))
def test_refus_type_ou_lecture(un: bytes, deux: bytes) -> None:
    for essai in (lambda: identites(un, deux), lambda: fichiers(un), lambda: debut_validite(un)):
        try:
            essai()
        except FormatInvalide as refus:
            assert refus.phrase()
