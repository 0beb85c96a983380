"""Health dates: lunar births, ages, B2 writing, holidays."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import EntreeInvalide


def test_lire_iso() -> None:
    assert dates.lire_iso("2026-03-02") == date(2026, 3, 2)


@pytest.mark.parametrize(
    "texte", ["", "2026-3-2", "20260302", "2026-02-30", "2026-W10-1", None, 20260302, "2026-03-0２"]
)
def test_date_iso_refusee(texte: object) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        dates.lire_iso(texte, "date_soins")  # type: ignore[arg-type]
    assert (refus.value.code, refus.value.ou) == ("DATE_INVALIDE", "date_soins")


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("20260302", date(2026, 3, 2)), ("202603021530", date(2026, 3, 2)), ("00000000", None), ("", None),
        ("20261301", None), ("20260230", None), ("2026-03-", None), ("000000000000", None), ("２０２６０３０２", None),
    ],
)
def test_lire_aaaammjj(texte: str, attendu: date | None) -> None:
    assert dates.lire_aaaammjj(texte) == attendu


def test_ecriture_b2() -> None:
    assert dates.aammjj(date(2026, 3, 2)) == "260302"
    assert dates.aammjj(None) == "000000"


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("260302", date(2026, 3, 2)), ("991231", date(1999, 12, 31)), ("460101", date(2046, 1, 1)),
        ("470101", date(1947, 1, 1)), ("000000", None), ("261301", None), ("26030", None), ("26030A", None),
    ],
)
def test_lecture_b2(texte: str, attendu: date | None) -> None:
    assert dates.depuis_aammjj(texte, date(2026, 11, 22)) == attendu


@given(st.dates(date(1950, 1, 1), date(2045, 12, 31)))
def test_aller_retour_b2(jour: date) -> None:
    assert dates.depuis_aammjj(dates.aammjj(jour), date(2026, 1, 1)) == jour


@pytest.mark.parametrize(
    ("naissance", "jour", "attendu"),
    [
        ("19800302", date(2026, 3, 1), 45), ("19800302", date(2026, 3, 2), 46), ("20000229", date(2025, 2, 28), 24),
        ("20000229", date(2025, 3, 1), 25), ("19802000", date(2026, 1, 1), 46), ("19800231", date(2026, 6, 1), 46),
        ("198003021200", date(2026, 3, 2), 46), ("20260302", date(2026, 3, 1), -1),
    ],
)
def test_age(naissance: str, jour: date, attendu: int) -> None:
    """A lunar date counts from 1 January of its year."""
    assert dates.age(naissance, jour) == attendu


@pytest.mark.parametrize("texte", ["", "1980", "1980AB01", "00000101", "００００００００"])
def test_naissance_refusee(texte: str) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        dates.naissance_pour_age(texte)
    assert refus.value.code == "NAISSANCE_INVALIDE"


def test_ecriture_francaise() -> None:
    assert dates.formater(date(2026, 3, 2)) == "02/03/2026"
    assert dates.formater(None) == ""
    assert dates.formater_naissance("19802000") == "00/20/1980"
    assert dates.formater_naissance("inconnue") == "inconnue"


@pytest.mark.parametrize(
    ("annee", "attendu"),
    [(1961, date(1961, 4, 2)), (2000, date(2000, 4, 23)), (2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)),
     (2038, date(2038, 4, 25)), (2285, date(2285, 3, 22))],
)
def test_paques(annee: int, attendu: date) -> None:
    assert dates.paques(annee) == attendu


def test_feries_de_2026() -> None:
    """Calendar published for 2026: Easter Monday 6 April, Ascension 14 May, Whit Monday 25 May."""
    attendus = {(1, 1), (4, 6), (5, 1), (5, 8), (5, 14), (5, 25), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    assert {(j.month, j.day) for j in dates.jours_feries(2026)} == attendus
    locaux = dates.jours_feries(2026, alsace_moselle=True) - dates.jours_feries(2026)
    assert locaux == {date(2026, 4, 3), date(2026, 12, 26)}


def test_dimanche_ou_ferie() -> None:
    assert dates.est_dimanche_ou_ferie(date(2026, 3, 1))
    assert dates.est_dimanche_ou_ferie(date(2026, 7, 14))
    assert not dates.est_dimanche_ou_ferie(date(2026, 3, 2))
    assert not dates.est_dimanche_ou_ferie(date(2026, 4, 3))
    assert dates.est_dimanche_ou_ferie(date(2026, 4, 3), alsace_moselle=True)


@given(st.text(max_size=14))
def test_un_texte_quelconque(texte: str) -> None:
    for lire in (dates.lire_iso, dates.naissance_pour_age):
        try:
            assert isinstance(lire(texte), date)
        except EntreeInvalide as refus:
            assert refus.message
    assert dates.lire_aaaammjj(texte) is None or texte[:8].isdigit()
    dates.depuis_aammjj(texte, date(2026, 1, 1))
