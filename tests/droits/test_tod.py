from __future__ import annotations

from pathlib import Path

import pytest

from sesam_desktop.droits.depot import BaseDroits
from sesam_desktop.droits.tod import Tod
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue, FormatInvalide
from sesam_desktop.noyau.ressources import ressource

TABLE = "01;721;0000;CPAM;721;013\n01;721;0042;Centre 42;722;014\n91;751;0501;MGEN;999;091\n"


@pytest.fixture
def tod(base: BaseDroits, tmp_path: Path) -> Tod:
    (tmp_path / "tod_3.70.csv").write_text(TABLE, encoding="utf-8")
    tod = Tod(base)
    assert tod.importer(tmp_path / "tod_3.70.csv").version == "3.70"
    return tod


def test_le_centre_exact_puis_tous_les_centres(tod: Tod) -> None:
    exact, autre = tod.chercher("01", "721", "0042"), tod.chercher("01", "721", "0043")
    assert (exact.organisme_destinataire, exact.centre_informatique, exact.libelle) == ("722", "014", "Centre 42")
    assert (autre.organisme_destinataire, autre.centre_informatique, autre.libelle) == ("721", "013", "CPAM")
    assert not exact.hors_table
    assert exact.version == "3.70"


def test_l_adresse_a_la_forme_publique(tod: Tod) -> None:
    """Form seen at a sender: 01422@422.01.rss.fr for régime 01, organisme 422."""
    assert tod.chercher("01", "422", "0000").adresse == "01422@422.01.rss.fr"


def test_un_autre_domaine(base: BaseDroits) -> None:
    assert Tod(base, "demo.invalid").chercher("01", "422", "0000").adresse == "01422@422.01.demo.invalid"


@pytest.mark.parametrize(
    ("regime", "caisse", "centre", "organisme", "informatique"),
    [
        ("01", "422", "0000", "422", "000"),
        ("05", "756", "0000", "756", "000"),
        ("04", "422", "0000", "110", "000"),
        ("12", "751", "0000", "001", "000"),
        ("91", "751", "0501", "999", "000"),
        ("91", "751", "0502", "751", "000"),
        ("93", "751", "0512", "512", "000"),
        ("93", "721", "0512", "721", "000"),
        ("94", "751", "0511", "514", "000"),
        ("94", "781", "0522", "522", "000"),
        ("95", "951", "0001", "751", "000"),
        ("96", "331", "0001", "331", "000"),
        ("01", "999", "0000", "999", "999"),
        ("02", "721", "0000", "721", "000"),
    ],
)
def test_hors_table_la_regle_repond_et_le_dit(regime, caisse, centre, organisme, informatique, base) -> None:
    """Rules of the public destination table of a free program (2010), plus the project's fallback."""
    trouve = Tod(base).chercher(regime, caisse, centre)
    assert (trouve.organisme_destinataire, trouve.centre_informatique) == (organisme, informatique)
    assert trouve.hors_table
    assert trouve.regle


@pytest.mark.parametrize("codes", [("1", "721", "0000"), ("01", "72", "0000"), ("01", "721", ""), ("01", "7é1", "0")])
def test_un_code_mal_ecrit_est_refuse(codes: tuple[str, str, str], tod: Tod) -> None:
    with pytest.raises(EntreeInvalide) as vu:
        tod.chercher(*codes)
    assert vu.value.code == "ORGANISME_INVALIDE"


def test_une_table_fausse_laisse_l_ancienne(tod: Tod, tmp_path: Path) -> None:
    (tmp_path / "fausse.csv").write_text(TABLE + "01;7;", encoding="utf-8")
    with pytest.raises(FormatInvalide):
        tod.importer(tmp_path / "fausse.csv")
    assert tod.chercher("01", "721", "0042").organisme_destinataire == "722"
    version = tod.version()
    assert version is not None
    assert (version.version, version.effectif) == ("3.70", 3)


def test_une_nouvelle_table_remplace_toute_l_ancienne(tod: Tod, tmp_path: Path) -> None:
    (tmp_path / "nouvelle.csv").write_text("01;721;0000;CPAM;723;015\n", encoding="utf-8")
    tod.importer(tmp_path / "nouvelle.csv", version="2026-11")
    assert tod.chercher("01", "721", "0042").organisme_destinataire == "723"
    assert tod.chercher("91", "751", "0501").hors_table


def test_fichier_absent(base: BaseDroits, tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as vu:
        Tod(base).importer(tmp_path / "absent.csv")
    assert vu.value.code == "FICHIER_ABSENT"
    assert Tod(base).version() is None


def test_la_table_de_demonstration(base: BaseDroits) -> None:
    tod = Tod(base)
    assert tod.importer(ressource("demonstration", "tod.csv")).effectif == 10
    assert tod.chercher("01", "349", "9881").organisme_destinataire == "349"
