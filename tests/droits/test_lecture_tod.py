from __future__ import annotations

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.droits import lecture_tod
from sesam_desktop.noyau.erreurs import FormatInvalide

ENTETE = "Code régime;Caisse gestionnaire;Centre gestionnaire;Libellé;Organisme destinataire;Centre informatique"
LIGNE = "01;721;0000;CPAM de la Sarthe;721;013"
LUE = ("01", "721", "0000", "CPAM de la Sarthe", "721", "013")


def lire(texte: str, encodage: str = "utf-8") -> list[tuple[str, ...]]:
    return lecture_tod.lire(texte.encode(encodage), "tod.csv")


@pytest.mark.parametrize("separateur", [";", "\t", ",", "|"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("fin", ["\n", "\r\n"])
def test_separateur_encodage_et_entete_sont_reconnus(separateur: str, encodage: str, fin: str) -> None:
    texte = fin.join([ENTETE, LIGNE]).replace(";", separateur)
    assert lire(texte, encodage) == [LUE]


def test_sans_entete() -> None:
    assert lire(LIGNE + "\n\n") == [LUE]


def test_des_virgules_dans_un_libelle_ne_trompent_pas() -> None:
    assert lire("01;721;0000;CPAM, Sarthe, Mayenne, Orne, Eure, Loir;721;013")[0][4:] == ("721", "013")


def test_avec_guillemets() -> None:
    assert lire('"01";"721";"0000";"CPAM ; ""Sarthe""";"721";"013"')[0][3] == 'CPAM ; "Sarthe"'


def test_colonnes_dans_un_autre_ordre() -> None:
    assert lire("Libellé;Centre informatique;Destinataire;Régime;Caisse;Centre\nCPAM;013;721;01;722;0001") == [
        ("01", "722", "0001", "CPAM", "721", "013")
    ]


def test_un_tableur_a_mange_les_zeros() -> None:
    assert lire("1;21;0;CPAM;21;13") == [("01", "021", "0000", "CPAM", "021", "013")]


def test_archive_zip() -> None:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tod.csv", LIGNE)
    assert lecture_tod.lire(tampon.getvalue(), "tod.zip") == [LUE]


def test_archive_de_deux_fichiers_refusee() -> None:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr("a.csv", LIGNE)
        archive.writestr("b.csv", LIGNE)
    with pytest.raises(FormatInvalide, match="un seul fichier"):
        lecture_tod.lire(tampon.getvalue(), "tod.zip")


def test_archive_abimee() -> None:
    with pytest.raises(FormatInvalide, match="illisible"):
        lecture_tod.lire(b"PK\x03\x04abc", "tod.zip")


@pytest.mark.parametrize(
    ("texte", "ligne", "zone"),
    [
        ("", 0, ""),
        (ENTETE, 0, ""),
        (LIGNE + "\n01;721", 2, ""),
        (LIGNE + "\n011;721;0000;x;721;013", 2, "regime"),
        (LIGNE + "\n01;721;0000 bis;x;721;013", 2, "centre"),
        (LIGNE + "\n01;721;0001;x;7-1;013", 2, "organisme"),
        (LIGNE + "\n01;;0001;x;721;013", 2, "caisse"),
        (LIGNE + "\n01;721;0000;x;722;013", 2, ""),
        ('01;721;0000;"x;722;013', 1, ""),
    ],
)
def test_une_ligne_fausse_refuse_la_table_et_dit_laquelle(texte: str, ligne: int, zone: str) -> None:
    with pytest.raises(FormatInvalide) as vu:
        lire(texte)
    assert (vu.value.code, vu.value.fichier, vu.value.zone) == ("TOD_INVALIDE", "tod.csv", zone)
    assert vu.value.ligne == ligne or not zone


CODE = "0123456789"
LIGNES = st.dictionaries(
    st.tuples(st.text(CODE, min_size=2, max_size=2), st.text(CODE, min_size=3, max_size=3),
              st.text(CODE, min_size=4, max_size=4)),
    st.tuples(st.text("ABC é;,\"'", max_size=8).map(str.strip), st.text(CODE, min_size=3, max_size=3),
              st.text(CODE, min_size=3, max_size=3)),
    min_size=1, max_size=8,
)


@given(LIGNES)
def test_une_table_ecrite_puis_lue(lignes: dict) -> None:
    tampon = io.StringIO()
    ecrites = [(*cle, *valeurs) for cle, valeurs in lignes.items()]
    csv.writer(tampon, delimiter=";").writerows([ENTETE.split(";"), *ecrites])
    assert lire(tampon.getvalue()) == ecrites


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda t: (LIGNE + "\n" + t).encode("utf-8", "replace")))
def test_des_octets_quelconques_sont_lus_ou_refuses(octets: bytes) -> None:
    try:
        assert lecture_tod.lire(octets, "tod.csv")
    except FormatInvalide as erreur:
        assert erreur.code == "TOD_INVALIDE"
        assert erreur.phrase().isprintable()


@given(st.binary(max_size=200))
def test_une_archive_quelconque_est_lue_ou_refusee(octets: bytes) -> None:
    try:
        assert lecture_tod.lire(b"PK\x03\x04" + octets, "tod.zip")
    except FormatInvalide as erreur:
        assert erreur.code == "TOD_INVALIDE"
