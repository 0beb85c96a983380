"""The zones engine against layouts written by hand, and round trips of every shipped layout."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import caracteres, zones
from sesam_desktop.flux.table_zones import Zone
from sesam_desktop.noyau.erreurs import FormatInvalide
from tests.outils.exemples import exemples

from .fabrique import LAYOUTS, valeurs

JOUET = zones.Layout(
    "essai",
    "9",
    [
        Zone(1, 1, "N", "O", "genre", "Genre", ("9",)),
        Zone(2, 4, "A", "O", "nom", "Nom"),
        Zone(6, 3, "N", "F", "numero", "Numéro"),
        Zone(9, 5, "M", "F", "montant", "Montant"),
        Zone(14, 2, "C", "O", "nombre", "Nombre"),
        Zone(16, 6, "D", "F", "jour", "Jour"),
    ],
    caracteres.B2,
)


def test_ecrit_chaque_type_a_sa_place() -> None:
    octets = JOUET.ecrire({"nom": "AB", "numero": "7", "montant": 1260, "nombre": 3, "jour": "260302"})
    assert octets == b"9AB  0070126003260302"


def test_relit_les_valeurs_typees() -> None:
    assert JOUET.lire(b"9AB  0070126003260302") == {
        "genre": "9", "nom": "AB", "numero": "007", "montant": 1260, "nombre": 3, "jour": "260302",
    }


def test_zone_absente_vaut_zeros_ou_blancs() -> None:
    assert JOUET.ecrire({}) == b"9    0000000000000000"


def test_zone_numerique_facultative_laissee_a_blanc() -> None:
    octets = b"9AB          03      "
    lues = JOUET.lire(octets)
    assert (lues["numero"], lues["montant"], lues["jour"]) == (None, None, None)
    assert JOUET.ecrire(lues) == octets


def test_blanc_dans_une_zone_obligatoire_est_refuse() -> None:
    with pytest.raises(FormatInvalide) as refus:
        JOUET.lire(b"9AB  0070126  260302 "[:21], ligne=12)
    assert (refus.value.ligne, refus.value.position, refus.value.zone) == (12, 9, "montant")


@pytest.mark.parametrize("zone", ["genre", "nombre"])
def test_none_dans_une_zone_numerique_obligatoire_est_refuse(zone: str) -> None:
    with pytest.raises(FormatInvalide) as refus:
        JOUET.ecrire({zone: None})
    assert (refus.value.code, refus.value.zone) == ("NON_NUMERIQUE", zone)


def test_none_dans_un_texte_est_un_blanc() -> None:
    assert JOUET.ecrire({"nom": None})[1:5] == b"    "


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [("été", b"ETE "), ("l'a", b"L A "), ("a-b", b"A B "), ("œuf", b"OEUF"), ("ç€", b"C   "), ("A ", b"A   ")],
)
def test_texte_mis_aux_caracteres_de_la_norme(ecrit: str, attendu: bytes) -> None:
    assert JOUET.ecrire({"nom": ecrit})[1:5] == attendu


@pytest.mark.parametrize(
    ("zone", "valeur", "code", "position"),
    [
        ("nom", "ABCDE", "VALEUR_TROP_LONGUE", 2),
        ("nom", "œufs!", "VALEUR_TROP_LONGUE", 2),
        ("numero", "1234", "VALEUR_TROP_LONGUE", 6),
        ("numero", "1A", "NON_NUMERIQUE", 6),
        ("numero", "١٢٣", "NON_NUMERIQUE", 6),
        ("montant", 100000, "VALEUR_TROP_LONGUE", 9),
        ("montant", -1, "NON_NUMERIQUE", 9),
        ("montant", "12", "NON_NUMERIQUE", 9),
        ("montant", 1.0, "NON_NUMERIQUE", 9),
        ("nombre", True, "NON_NUMERIQUE", 14),
        ("jour", date(2026, 3, 2), "VALEUR_TROP_LONGUE", 16),
    ],
)
def test_valeur_refusee_avec_son_lieu(zone: str, valeur: object, code: str, position: int) -> None:
    with pytest.raises(FormatInvalide) as refus:
        JOUET.ecrire({zone: valeur}, ligne=4)  # type: ignore[dict-item]
    assert (refus.value.code, refus.value.ligne, refus.value.position, refus.value.zone) == (code, 4, position, zone)


def test_le_refus_ne_cite_pas_la_valeur() -> None:
    with pytest.raises(FormatInvalide) as refus:
        JOUET.ecrire({"numero": "SECRET"})
    assert "SECRET" not in refus.value.phrase()


def test_zone_inconnue_refusee() -> None:
    with pytest.raises(FormatInvalide) as refus:
        JOUET.ecrire({"nimporte": "1"})
    assert refus.value.code == "ZONE_INCONNUE"


def test_longueur_fausse_refusee() -> None:
    with pytest.raises(FormatInvalide) as refus:
        JOUET.lire(b"9AB", ligne=2)
    assert refus.value.code == "LONGUEUR"


def test_caractere_de_controle_refuse() -> None:
    with pytest.raises(FormatInvalide) as refus:
        JOUET.lire(b"9A\x00  0070126003260302", ligne=2)
    assert (refus.value.code, refus.value.zone) == ("CARACTERE", "nom")


def test_variante_et_type_inconnus() -> None:
    assert zones.layout("b2_ps_140", "4Z") is None
    with pytest.raises(FormatInvalide) as refus:
        zones.exiger("b2_ps_140", "../000")
    assert refus.value.code == "TYPE_INCONNU"
    with pytest.raises(FormatInvalide) as refus:
        zones.types("autre")
    assert refus.value.code == "VARIANTE_INCONNUE"


@pytest.mark.parametrize(("variante", "type_"), LAYOUTS)
@exemples(5)
@given(donnees=st.data())
def test_aller_retour_de_chaque_layout(variante: str, type_: str, donnees: st.DataObject) -> None:
    layout = zones.exiger(variante, type_)
    ecrites = donnees.draw(valeurs(layout))
    octets = layout.ecrire(ecrites)
    assert len(octets) == layout.longueur
    assert layout.lire(octets) == ecrites


@pytest.mark.parametrize(("variante", "type_"), LAYOUTS)
@exemples(3)
@given(donnees=st.data())
def test_des_octets_aux_valeurs_et_retour(variante: str, type_: str, donnees: st.DataObject) -> None:
    """Bytes that another sender may write, optional digits left blank: read, then written the same."""
    layout = zones.exiger(variante, type_)
    octets = bytearray(layout.ecrire(donnees.draw(valeurs(layout))))
    facultatives = [zone for zone in layout.zones if zone.facultative and zone.numerique]
    for zone in donnees.draw(st.lists(st.sampled_from(facultatives), max_size=3)) if facultatives else ():
        octets[zone.debut : zone.fin] = b" " * zone.longueur
    assert layout.ecrire(layout.lire(bytes(octets))) == octets


@given(octets=st.binary(max_size=40), ligne=st.integers(0, 9))
def test_octets_quelconques_lus_ou_refuses(octets: bytes, ligne: int) -> None:
    try:
        lues = JOUET.lire(octets, ligne)
    except FormatInvalide:
        return
    assert len(octets) == JOUET.longueur
    assert set(lues) == set(JOUET.par_nom)


@given(texte=st.text(max_size=30))
def test_normaliser_ne_laisse_que_des_caracteres_admis(texte: str) -> None:
    assert set(caracteres.B2.normaliser(texte)) <= set(caracteres.B2.ecrits)
    assert "@" not in caracteres.NOEMIE.normaliser(texte)
