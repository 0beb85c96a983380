from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.identifiants import cle_ean13
from sesam_desktop.referentiels import bdpm


@pytest.mark.parametrize(
    ("ecrit", "centimes"),
    [("24,34", 2434), ("0,95", 95), ("1,466,29", 146629), ("17,539,50", 1753950), ("1234,56", 123456), ("", None)],
)
def test_prix_a_la_francaise_avec_une_virgule_aussi_pour_les_milliers(ecrit: str, centimes: int | None) -> None:
    assert bdpm.prix(ecrit) == centimes


@pytest.mark.parametrize("ecrit", ["24.34", "24,3", "24", "1,46,29", "-1,00", "gratuit", "٢,٠٠", "9" * 20 + ",00"])
def test_prix_illisible_refuse(ecrit: str) -> None:
    with pytest.raises(EntreeInvalide, match="illisible"):
        bdpm.prix(ecrit)


@given(st.integers(0, 99_999_999))
def test_prix_ecrit_puis_lu(centimes: int) -> None:
    assert bdpm.prix(f"{centimes // 100:,},{centimes % 100:02d}") == centimes


def test_lignes_des_deux_encodages_et_des_deux_fins() -> None:
    octets = b"\xef\xbb\xbfcomprim\xc3\xa9\ta \t\r\n\r\n  \ncomprim\xe9\tb\t\n"
    assert list(bdpm.lignes(octets)) == [(1, ["comprimé", "a", ""]), (4, ["comprimé", "b", ""])]


CIP7 = st.text("0123456789", min_size=7, max_size=7)


@given(
    cis=st.text("0123456789", min_size=8, max_size=8),
    cip7=CIP7,
    taux=st.sampled_from([("", None), ("65%", 6500), ("65 %", 6500), ("15 %", 1500), ("100%", 10000), ("35%", 3500)]),
    prix=st.integers(0, 9_999_999),
    vente=st.booleans(),
)
def test_une_presentation_ecrite_puis_lue(cis, cip7, taux, prix, vente) -> None:
    cip13 = "34009" + cip7 + cle_ean13("34009" + cip7)
    etat = "Déclaration de commercialisation" if vente else "Arrêt de commercialisation"
    colonnes = [cis, cip7, "boîte", "Présentation active", etat, "01/01/2020", cip13, "oui", taux[0],
                f"{prix // 100},{prix % 100:02d}", f"{(prix + 102) // 100},{(prix + 102) % 100:02d}", "1,02", ""]
    lue = bdpm.presentation(colonnes)
    assert lue == bdpm.Presentation(cis, cip13, cip7, "boîte", taux[1], prix, prix + 102, 102, vente)


@given(st.binary(max_size=400))
def test_des_octets_quelconques_donnent_des_lignes_ou_un_refus_type(octets: bytes) -> None:
    for _, colonnes in bdpm.lignes(octets):
        for analyser in (bdpm.specialite, bdpm.presentation, bdpm.generique):
            try:
                analyser(colonnes)
            except EntreeInvalide as erreur:
                assert erreur.message


@given(st.lists(st.text(max_size=14), max_size=14))
def test_des_colonnes_quelconques_donnent_une_ligne_ou_un_refus_type(colonnes: list[str]) -> None:
    for analyser in (bdpm.specialite, bdpm.presentation, bdpm.generique):
        try:
            analyser(colonnes)
        except EntreeInvalide as erreur:
            assert erreur.message


def _presentation(**autres: str) -> list[str]:
    valeurs = {"cis": "60002283", "cip7": "4949729", "libelle": "boîte", "cip13": "3400949497294", "taux": "65%"}
    valeurs |= autres
    return [valeurs["cis"], valeurs["cip7"], valeurs["libelle"], "Présentation active", "", "", valeurs["cip13"], "oui",
            valeurs["taux"], "1,00", "2,02", "1,02"]


@pytest.mark.parametrize(
    ("autres", "motif"),
    [
        ({"cip13": "3400949497295"}, "CIP13"),
        ({"cip7": "4949770"}, "CIP7"),
        ({"cis": "6000228"}, "CIS"),
        ({"taux": "650%"}, "dépasse"),
        ({"taux": "beaucoup"}, "taux"),
        ({"libelle": ""}, "présentation"),
        ({"libelle": "bo\N{REPLACEMENT CHARACTER}te"}, "illisible"),
    ],
)
def test_le_motif_du_rejet_nomme_la_colonne(autres: dict[str, str], motif: str) -> None:
    with pytest.raises(EntreeInvalide, match=motif):
        bdpm.presentation(_presentation(**autres))


@pytest.mark.parametrize(
    "colonnes", [["a", "x", "60002283", "1", "1"], ["1", "x", "60002283", "3", "1"], ["1", "x", "60002283"]]
)
def test_generique_invalide(colonnes: list[str]) -> None:
    with pytest.raises(EntreeInvalide):
        bdpm.generique(colonnes)
