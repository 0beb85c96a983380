"""Dated tables: look-up by key and day, refusals at load with file and line, shipped files."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide
from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.referentiels import tables
from sesam_desktop.referentiels.tables import DossierTables, HorsTable

ENTETE = "# version: 2026.1\n# cles: code zone\ncode;zone;prix:centimes;date_debut;date_fin;source;certitude\n"
PRIX = ENTETE + (
    "G;metro;2500;2017-05-01;2023-10-31;a;S\n"
    "G;metro;2650;2023-11-01;2024-12-21;b;M\n"
    "G;metro;3000;2024-12-22;;c;S\n"
    "AMI;*;315;2012-01-01;;d;P\n"
    "AMI;dom;330;2012-01-01;2020-12-31;e;D\n"
)
LIVREES = sorted(chemin.stem for chemin in ressource("tarifs").glob("*.csv"))


@pytest.fixture
def prix() -> tables.Table:
    return tables.lire("prix", PRIX)


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2017, 5, 1), 2500), (date(2023, 10, 31), 2500), (date(2023, 11, 1), 2650), (date(2024, 12, 21), 2650),
        (date(2024, 12, 22), 3000), (date(2999, 1, 1), 3000),
    ],
)
def test_la_ligne_en_vigueur(prix: tables.Table, jour: date, attendu: int) -> None:
    assert prix.a_la_date(jour, code="G", zone="metro")["prix"] == attendu


def test_hors_table(prix: tables.Table) -> None:
    with pytest.raises(HorsTable) as refus:
        prix.a_la_date(date(2017, 4, 30), code="G", zone="metro")
    assert refus.value.code == "HORS_TABLE"
    assert "code « G », zone « metro » au 30/04/2017" in refus.value.message
    assert prix.trouver(date(2026, 1, 1), code="VG", zone="metro") is None


def test_la_cle_precise_passe_avant_l_etoile(prix: tables.Table) -> None:
    assert prix.a_la_date(date(2020, 1, 1), code="AMI", zone="dom")["prix"] == 330
    assert prix.a_la_date(date(2021, 1, 1), code="AMI", zone="dom")["prix"] == 315
    assert prix.a_la_date(date(2020, 1, 1), code="AMI", zone="metro")["prix"] == 315


def test_une_ligne_dit_d_ou_elle_vient(prix: tables.Table) -> None:
    ligne = prix.a_la_date(date(2024, 1, 1), code="G", zone="metro")
    assert (ligne.source, ligne.certitude, ligne.a_confirmer) == ("b", "M", True)
    assert (ligne.table, ligne.version, ligne.numero) == ("prix", "2026.1", 5)
    assert not prix.a_la_date(date(2020, 1, 1), code="AMI", zone="dom").a_confirmer


def test_lignes_d_un_jour_et_cles_connues(prix: tables.Table) -> None:
    assert [li["prix"] for li in prix.lignes(date(2020, 6, 1))] == [2500, 315, 330]
    assert prix.connait(code="G", zone="metro")
    assert not prix.connait(code="G", zone="dom")


def test_types_de_colonnes() -> None:
    colonnes = "c;n:entier;f:decimal;t:taux;o:booleen;a:intervalles;l:liste;date_debut;date_fin;source;certitude"
    table = tables.lire("t", (
        f"# version: 1\n# cles: c\n{colonnes}\n"
        "x;12;1.264;7000;oui;0-2 71-199;01 22;2020-01-01;;s;S\ny;0;1;0;non;;;2020-01-01;;s;S\n"
    ))
    x, y = table.lignes(date(2020, 1, 1))
    assert (x["n"], x["f"], x["t"], x["o"], x["a"], x["l"]) == (
        12, Decimal("1.264"), 7000, True, ((0, 2), (71, 199)), ("01", "22")
    )
    assert (y["a"], y["l"], y["o"]) == ((), (), False)


@pytest.mark.parametrize(
    ("texte", "ligne", "morceau"),
    [
        ("", 1, "L'en-tête"),
        (ENTETE.replace("# version: 2026.1", "#"), 1, "L'en-tête"),
        ("# version: 1\n# cles: c\n", 0, "vide"),
        (ENTETE.replace(":centimes", ":francs"), 3, "types connus"),
        (ENTETE.replace(";certitude", ""), 3, "date_debut;date_fin"),
        (ENTETE.replace("cles: code zone", "cles: code lieu") + "G;m;1;2020-01-01;;s;S\n", 1, "clé déclarée"),
        (ENTETE + "G;m;1;2020-01-01;;s\n", 4, "7 colonnes attendues, 6 lues"),
        (ENTETE + "G;m;1,5;2020-01-01;;s;S\n", 4, "n'est pas un entier"),
        (ENTETE + "G;m;1;2020-13-01;;s;S\n", 4, "n'est pas une date"),
        (ENTETE + "G;m;1;2020-01-02;2020-01-01;s;S\n", 4, "précède"),
        (ENTETE + "G;m;1;2020-01-01;;;S\n", 4, "source absente"),
        (ENTETE + "G;m;1;2020-01-01;;s;X\n", 4, "certitude"),
        (ENTETE + "G;m;1;2020-01-01;;s;S\nG;m;2;2021-01-01;;s;S\n", 5, "se chevauchent (voir ligne 4)"),
        (ENTETE + "G;m;1;2020-01-01;2020-12-31;s;S\nG;m;2;2020-12-31;;s;S\n", 5, "se chevauchent"),
        (ENTETE + "G;m;2;2021-01-02;;s;S\nG;m;1;2020-01-01;2020-12-31;s;S\n", 4, "manque des jours depuis la ligne 5"),
    ],
)
def test_fichier_refuse(texte: str, ligne: int, morceau: str) -> None:
    with pytest.raises(FormatInvalide) as refus:
        tables.lire("prix", texte)
    assert refus.value.fichier == "prix.csv"
    assert refus.value.ligne == ligne
    assert morceau in refus.value.message


@pytest.mark.parametrize(
    ("genre", "cellule"),
    [("taux", "10001"), ("decimal", "1,5"), ("decimal", "NaN"), ("booleen", "vrai"), ("intervalles", "2 à 3")],
)
def test_cellule_refusee(genre: str, cellule: str) -> None:
    texte = f"# version: 1\n# cles: c\nc;v:{genre};date_debut;date_fin;source;certitude\nx;{cellule};2020-01-01;;s;S\n"
    with pytest.raises(FormatInvalide) as refus:
        tables.lire("t", texte)
    assert refus.value.ligne == 4


def test_un_dossier_lit_chaque_table_une_fois(tmp_path: Path) -> None:
    (tmp_path / "prix.csv").write_text(PRIX, encoding="utf-8")
    dossier = DossierTables(tmp_path)
    assert dossier.charger("prix") is dossier.charger("prix")
    with pytest.raises(FormatInvalide) as refus:
        dossier.charger("absente")
    assert refus.value.code == "TABLE_ILLISIBLE"
    (tmp_path / "latin.csv").write_bytes(PRIX.replace("a;S", "é;S").encode("latin-1"))
    with pytest.raises(FormatInvalide):
        dossier.charger("latin")


@pytest.mark.parametrize("nom", LIVREES)
def test_table_livree(nom: str) -> None:
    """Every shipped file loads: no overlap, no gap, a source and a certainty on each row."""
    table = tables.charger(nom)
    assert table.version
    assert table is tables.charger(nom)
    assert table.lignes(date(2026, 11, 22))


# Open acts whose tariff in force was not found: refused, and told in docs/tarification.
SANS_TARIF_PUBLIE = ("CSC", "CCX", "MCC")


def test_chaque_acte_livre_a_un_prix_et_un_taux() -> None:
    jour = date(2026, 11, 22)
    genres, taux, locaux = (tables.charger(nom) for nom in ("genres", "taux", "regime_local"))
    for acte in tables.charger("actes").lignes(jour):
        origine = genres.a_la_date(jour, genre=acte["genre"])["prix"]
        assert origine in ("table", "reference", "demande"), acte["code"]
        if acte["nature"]:
            assert taux.trouver(jour, nature=acte["nature"], regime="01"), acte["code"]
            assert locaux.trouver(jour, nature=acte["nature"], regime="01"), acte["code"]
        if origine == "table" and acte["code"] not in SANS_TARIF_PUBLIE:
            assert _a_un_prix(acte["code"], jour), acte["code"]


def _a_un_prix(code: str, jour: date) -> bool:
    """For one speciality at least; the fee of a box has one price whatever its rate."""
    nom = code[:2] if code[:2] in ("HD", "HG") and code[2:].isdigit() else code
    prix = tables.charger("prix").lignes(jour)
    return any(ligne["code"] == nom and ligne["zone"] in ("metro", "*") for ligne in prix)


@given(st.dates(date(2017, 5, 1), date(2100, 1, 1)))
def test_un_jour_a_exactement_une_ligne(jour: date) -> None:
    table = tables.lire("prix", PRIX)
    seules = [li for li in table.lignes(jour) if li["code"] == "G"]
    assert seules == [table.trouver(jour, code="G", zone="metro")]


@given(st.text(max_size=200))
def test_un_texte_quelconque_est_lu_ou_refuse(texte: str) -> None:
    for contenu in (texte, ENTETE + texte, PRIX.replace("2500", texte)):
        try:
            tables.lire("t", contenu)
        except ErreurConnue as refus:
            assert isinstance(refus, FormatInvalide)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_des_periodes_qui_se_suivent_sont_admises(durees: list[int]) -> None:
    lignes, debut = [], date(2020, 1, 1)
    for rang, duree in enumerate(durees):
        fin = debut + timedelta(duree - 1)
        lignes.append(f"G;m;{rang};{debut};{fin};s;S")
        debut = fin + timedelta(1)
    table = tables.lire("prix", ENTETE + "\n".join(reversed(lignes)))
    assert table.a_la_date(debut - timedelta(1), code="G", zone="m")["prix"] == len(durees) - 1
    assert table.trouver(debut, code="G", zone="m") is None
