"""What a terminal carries and brings back: exact both ways, bounded, any other bytes refused with a type."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs.tla import documents
from sesam_desktop.lecteurs.tla.documents import (
    ActeNote,
    Document,
    FactureEmportee,
    FactureSignee,
    Genre,
    Lecture,
    PatientEmporte,
)
from sesam_desktop.noyau.erreurs import FormatInvalide

TEXTES = st.text(st.characters(categories=("L", "Nd"), include_characters=" '-"), max_size=40)
NAISSANCES = st.from_regex("[0-9]{8}", fullmatch=True)
NUMEROS = st.from_regex("[0-9]{9}", fullmatch=True)
NIRS = st.from_regex("[0-9]{5}[0-9AB]{2}[0-9]{6}", fullmatch=True)
INSTANTS = st.integers(0, 4_000_000_000).map(lambda secondes: datetime.fromtimestamp(secondes, UTC))
CENTIMES = st.integers(0, 10**9)
PATIENTS = st.builds(PatientEmporte, TEXTES, TEXTES, NAISSANCES, NIRS, st.integers(1, 9))
FACTURES = st.builds(
    FactureEmportee, NUMEROS, TEXTES, TEXTES, NAISSANCES, st.lists(NIRS, max_size=3).map(tuple),
    st.dates(date(1900, 1, 1)), CENTIMES, CENTIMES, st.binary(max_size=600),
)
SIGNEES = st.builds(
    FactureSignee, NUMEROS, st.binary(min_size=32, max_size=32), st.binary(max_size=512), INSTANTS,
    st.lists(NIRS, max_size=19).map(tuple),
)
ACTES = st.builds(
    ActeNote, st.from_regex("[A-Z0-9]{1,12}", fullmatch=True), st.decimals(0, 999, places=2), st.integers(0, 99),
    st.sampled_from(["", "N", "F"]), st.booleans(), st.integers(0, 299), st.booleans(),
)
LECTURES = st.builds(
    Lecture, INSTANTS, st.binary(max_size=900), st.integers(0, 99), st.lists(ACTES, max_size=5).map(tuple)
)


@given(st.lists(PATIENTS, max_size=5))
def test_patients(patients: list[PatientEmporte]) -> None:
    assert documents.lire_patients(documents.ecrire_patients(patients)) == patients


@given(st.lists(FACTURES, max_size=3))
def test_factures(factures: list[FactureEmportee]) -> None:
    assert documents.lire_factures(documents.ecrire_factures(factures)) == factures


@given(SIGNEES | LECTURES)
def test_documents(document: Document) -> None:
    assert documents.lire_document(documents.ecrire_document(document)) == document


@given(st.binary(max_size=200))
def test_octets_quelconques(octets: bytes) -> None:
    """Zeros after the format are an absence of content: refused as the rest."""
    for lecture in (documents.lire_document, lambda o: documents.lire_document(b"\x01" + o)):
        try:
            lecture(octets)
        except FormatInvalide as erreur:
            assert erreur.code in ("TLA_ILLISIBLE", "TLA_FORMAT_INCONNU")
    for liste in (documents.lire_patients, documents.lire_factures):
        try:
            assert len(liste(octets)) <= len(octets)
        except FormatInvalide as erreur:
            assert erreur.code in ("TLA_ILLISIBLE", "TLA_FORMAT_INCONNU")


@given(SIGNEES | LECTURES, st.data())
def test_un_octet_change_donne_un_document_ou_un_refus(document: Document, donnees: st.DataObject) -> None:
    octets = bytearray(documents.ecrire_document(document))
    octets[donnees.draw(st.integers(0, len(octets) - 1))] = donnees.draw(st.integers(0, 255))
    try:
        documents.lire_document(bytes(octets))
    except FormatInvalide as erreur:
        assert erreur.code in ("TLA_ILLISIBLE", "TLA_FORMAT_INCONNU")


def test_genres() -> None:
    signee = FactureSignee("000000001", bytes(32), b"s", datetime(2026, 3, 2, tzinfo=UTC), ())
    assert documents.genre_de(signee) is Genre.FACTURE
    assert documents.genre_de(Lecture(signee.signee_le, b"", 0, ())) is Genre.LECTURE


def test_bornes() -> None:
    acte = ActeNote("AMI", Decimal("1.5"))
    trop = Lecture(datetime(2026, 3, 2, tzinfo=UTC), b"", 0, (acte,) * 100)
    for octets in (documents.ecrire_document(trop), b"\x01" + bytes(1 << 16), b"", b"\x10", b"\x01"):
        with pytest.raises(FormatInvalide) as erreur:
            documents.lire_document(octets)
        assert erreur.value.code == "TLA_ILLISIBLE"
