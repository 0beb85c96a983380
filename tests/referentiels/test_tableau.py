"""Tables with named columns, in text or dBase, and what their cells say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide
from sesam_desktop.referentiels import tableau, valeurs

from .fichiers_dbf import ecrire


@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_le_separateur_est_celui_de_l_en_tete(separateur: str) -> None:
    texte = f"code{separateur}libelle\r\n1104{separateur} Hémogramme \r\n\r\n0552{separateur}Glucose\r\n"
    table = tableau.lire("essai.csv", texte.encode("utf-8"))
    assert table.colonnes == ("code", "libelle")
    assert list(table.lignes) == [(2, ["1104", "Hémogramme"]), (4, ["0552", "Glucose"])]


def test_l_encodage_est_reconnu() -> None:
    assert next(tableau.lire("a.csv", "c;l\n1;é\n".encode("cp1252")).lignes) == (2, ["1", "é"])
    assert tableau.lire("a.csv", b"\xef\xbb\xbfc;l\n").colonnes == ("c", "l")


def test_une_cellule_entre_guillemets_garde_son_separateur() -> None:
    assert next(tableau.lire("a.csv", b'code,libelle\n1100028,"0,4 ML"\n').lignes)[1] == ["1100028", "0,4 ML"]


def test_le_nom_dit_dbase() -> None:
    table = tableau.lire("NABM_FICHE_TOT105.DBF", ecrire([("CODE", "C", 4)], [{"CODE": "1104"}]))
    assert (table.colonnes, list(table.lignes)) == (("CODE",), [(1, ["1104"])])


@pytest.mark.parametrize("octets", [b"", b"\n", b"code libelle\n1 2\n", b"   ;\n", b";;\n;;\n"])
def test_un_texte_sans_en_tete_est_refuse(octets: bytes) -> None:
    with pytest.raises(FormatInvalide) as refus:
        tableau.lire("essai.csv", octets).exiger("code")
    assert (refus.value.code, refus.value.fichier) == ("TABLE_ILLISIBLE", "essai.csv")


def test_une_colonne_absente_est_nommee() -> None:
    table = tableau.lire("essai.csv", b"code;libelle\n")
    with pytest.raises(FormatInvalide, match="la colonne tarif"):
        table.exiger("code", "tarif")
    with pytest.raises(FormatInvalide, match="les colonnes fin, tarif"):
        table.exiger("fin", "tarif")


def test_une_ligne_trop_courte_dit_combien() -> None:
    table = tableau.lire("essai.csv", b"code;libelle\n")
    assert table.nommer(["1", "x"]) == {"code": "1", "libelle": "x"}
    with pytest.raises(EntreeInvalide, match="nombre de colonnes : 1 au lieu de 2"):
        table.nommer(["1"])


def test_un_champ_demesure_est_refuse() -> None:
    lignes = tableau.lire("essai.csv", b"code;libelle\n1;" + b"x" * 200_000 + b"\n").lignes
    with pytest.raises(FormatInvalide) as refus:
        list(lignes)
    assert refus.value.ligne == 2


@given(st.binary(max_size=200))
def test_des_octets_quelconques_sont_lus_ou_refuses(octets: bytes) -> None:
    try:
        list(tableau.lire("essai.csv", octets).lignes)
    except FormatInvalide as refus:
        assert refus.code == "TABLE_ILLISIBLE"


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("20MAY2013:00:00:00", "2013-05-20"), ("20190401", "2019-04-01"), ("2019-04-01", "2019-04-01"),
        ("31DEC9999:00:00:00", None), ("", None), ("00000000", None),
    ],
)
def test_dates(texte: str, attendu: str | None) -> None:
    assert valeurs.jour(texte) == attendu


@pytest.mark.parametrize("texte", ["2019", "20191301", "31FEB2019:00:00:00", "01XXX2019:00:00:00", "2019-04-01T00"])
def test_dates_fausses(texte: str) -> None:
    with pytest.raises(EntreeInvalide, match="date"):
        valeurs.jour(texte)


def test_une_date_obligatoire() -> None:
    assert valeurs.exiger_jour("20190401") == "2019-04-01"
    with pytest.raises(EntreeInvalide, match="date absente"):
        valeurs.exiger_jour("")


def test_montants_et_nombres() -> None:
    assert [valeurs.centimes(t) for t in ("102.50", "304.9", "8", "0.07", "14.43000")] == [10250, 30490, 800, 7, 1443]
    assert [valeurs.plafond(t) for t in ("", "0.00", "14.50")] == [None, None, 1450]
    assert [valeurs.entier(t, "maximum") for t in ("", "0", "12")] == [0, 0, 12]
    assert [valeurs.coefficient(t) for t in ("17", "17.00", "1.300", "850")] == ["17", "17", "1.3", "850"]
    assert [valeurs.drapeau(t) for t in ("O", "1", "N", "0", "")] == [True, True, False, False, False]
    assert valeurs.libelle("  DEUX   MOTS ") == "DEUX MOTS"


@pytest.mark.parametrize(
    ("lire", "texte"),
    [
        (valeurs.centimes, "12,50"), (valeurs.centimes, "-1"), (valeurs.centimes, "1.234"), (valeurs.centimes, ""),
        (valeurs.coefficient, "B17"), (valeurs.coefficient, ""), (valeurs.drapeau, "X"), (valeurs.libelle, "  "),
        (lambda t: valeurs.entier(t, "maximum"), "-1"),
    ],
)
def test_valeurs_fausses(lire, texte: str) -> None:
    with pytest.raises(EntreeInvalide):
        lire(texte)


def test_un_libelle_qui_a_perdu_des_lettres() -> None:
    assert valeurs.abime("PANSEMENT \ufffd")
    assert not valeurs.abime("PANSEMENT")


def test_un_guillemet_jamais_ferme_n_avale_pas_la_suite() -> None:
    """The rest of the file would be one cell: refused, with the line where it opens."""
    lignes = tableau.lire("essai.csv", b'code;libelle\n1;un\n2;"deux\n3;trois\n4;quatre\n').lignes
    assert next(lignes) == (2, ["1", "un"])
    with pytest.raises(FormatInvalide) as refus:
        next(lignes)
    assert (refus.value.ou, refus.value.code) == ("essai.csv, ligne 3", "TABLE_ILLISIBLE")
