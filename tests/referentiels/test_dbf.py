"""dBase files: read back as written, refused by a sentence when they lie."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import FormatInvalide
from sesam_desktop.referentiels import dbf

from .fichiers_dbf import ecrire

COLONNES = [("CODE", "C", 4), ("LIBELLE", "C", 12), ("TARIF", "N", 8), ("DEBUT", "D", 8)]
LIGNES = [
    {"CODE": "0552", "LIBELLE": "Glycémie", "TARIF": "1.25", "DEBUT": "20240115"},
    {"CODE": "1104", "LIBELLE": "Hémogramme", "TARIF": "6.25"},
]


def test_un_fichier_est_relu() -> None:
    table = dbf.lire("essai.dbf", ecrire(COLONNES, LIGNES))
    assert table.colonnes == ("CODE", "LIBELLE", "TARIF", "DEBUT")
    assert table.date == date(2026, 9, 7)
    assert list(table.lignes) == [
        (1, ["0552", "Glycémie", "1.25", "20240115"]), (2, ["1104", "Hémogramme", "6.25", ""]),
    ]


def test_les_enregistrements_effaces_sont_passes() -> None:
    assert [n for n, _ in dbf.lire("essai.dbf", ecrire(COLONNES, LIGNES, effaces={0})).lignes] == [2]


def test_la_page_de_code_est_celle_de_l_entete() -> None:
    octets = ecrire(COLONNES, LIGNES, page="cp1252", langue=0x03)
    assert next(dbf.lire("essai.dbf", octets).lignes)[1][1] == "Glycémie"


@pytest.mark.parametrize(("ecrite", "lue"), [(126, 2026), (26, 2026), (99, 1999), (80, 1980), (79, 2079)])
def test_une_annee_a_deux_chiffres_est_de_notre_siecle(ecrite: int, lue: int) -> None:
    """A table of 2026 dated 1926 would never be the one in force."""
    octets = bytearray(ecrire(COLONNES, LIGNES))
    octets[1] = ecrite
    assert dbf.lire("essai.dbf", bytes(octets)).date == date(lue, 9, 7)


def test_une_date_impossible_ne_date_rien() -> None:
    octets = bytearray(ecrire(COLONNES, LIGNES))
    octets[2] = 13
    assert dbf.lire("essai.dbf", bytes(octets)).date is None


@pytest.mark.parametrize(
    ("abimer", "raison"),
    [
        (lambda o: o[:31], "trop court"),
        (lambda o: o[:-30], "tronqué"),
        (lambda o: o[:10] + b"\x63\x00" + o[12:], "longueur des enregistrements"),
        (lambda o: o[:43] + b"Z" + o[44:], "mal décrite"),
        (lambda o: o[:32] + b"\x0d" + o[33:], "ne sont pas décrites"),
        (lambda o: o[:60], "mal décrite"),
    ],
)
def test_un_fichier_faux_est_refuse(abimer, raison: str) -> None:
    with pytest.raises(FormatInvalide) as refus:
        dbf.lire("essai.dbf", abimer(ecrire(COLONNES, LIGNES)))
    assert (refus.value.code, refus.value.fichier) == ("TABLE_ILLISIBLE", "essai.dbf")
    assert raison in refus.value.message


CELLULES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789éèàç", max_size=6)


@given(st.lists(st.tuples(CELLULES, CELLULES), max_size=20), st.dates(date(1980, 1, 1), date(2155, 12, 31)))
def test_aller_et_retour(lignes: list[tuple[str, str]], jour: date) -> None:
    octets = ecrire([("UN", "C", 6), ("DEUX", "C", 6)], [{"UN": un, "DEUX": deux} for un, deux in lignes], jour)
    table = dbf.lire("essai.dbf", octets)
    assert table.date == jour
    assert [tuple(cellules) for _, cellules in table.lignes] == lignes


@given(st.binary(max_size=300))
def test_des_octets_quelconques_sont_lus_ou_refuses(octets: bytes) -> None:
    try:
        list(dbf.lire("essai.dbf", octets).lignes)
    except FormatInvalide as refus:
        assert refus.code == "TABLE_ILLISIBLE"


@given(st.data())
def test_un_octet_change_est_lu_ou_refuse(donnees: st.DataObject) -> None:
    octets = bytearray(ecrire(COLONNES, LIGNES))
    octets[donnees.draw(st.integers(0, len(octets) - 1))] = donnees.draw(st.integers(0, 255))
    try:
        list(dbf.lire("essai.dbf", bytes(octets)).lignes)
    except FormatInvalide as refus:
        assert refus.code == "TABLE_ILLISIBLE"
