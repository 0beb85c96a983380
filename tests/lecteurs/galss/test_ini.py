"""The faithful ini file: what is not touched comes back byte for byte, what is touched is one line."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sesam_desktop.lecteurs.galss.ini import TAILLE_MAX, FichierIni
from sesam_desktop.noyau.erreurs import ErreurConnue

from .fichiers import FINS, PCSC, octets

MARQUES = st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
CORPS = st.one_of(
    st.binary(max_size=300),
    st.text("[]=;# aB1\t\0\r\n", max_size=120).map(lambda texte: texte.encode("cp1252")),
)


@given(MARQUES, CORPS)
@example(b"", b"\x81\x8d\x8f\x90\x9d")
@example(b"\xff\xfe", "[A]\r\nx=1".encode("utf-16-le"))
def test_intact_octet_pour_octet(marque: bytes, corps: bytes) -> None:
    ini = FichierIni(marque + corps)
    assert ini.octets() == marque + corps
    for ligne in (*ini.doublons(), *ini.incomprises()):
        assert ini.lignes[ligne.numero - 1] is ligne


@given(CORPS, st.sampled_from(["valeur", "Lecteur é € 0", ""]))
def test_une_cle_changee_ne_change_que_sa_ligne(corps: bytes, valeur: str) -> None:
    ini = FichierIni(b"[S]\r\n" + b"Avant=1\r\n" + corps)
    avant = [ligne.texte for ligne in ini.lignes]
    ini.poser("s", "AVANT", valeur)
    assert ini.valeur("S", "avant") == valeur
    apres = [ligne.texte for ligne in FichierIni(ini.octets()).lignes]
    assert [n for n, (a, b) in enumerate(zip(avant, apres, strict=True)) if a != b] == ([] if valeur == "1" else [1])


@given(CORPS, st.text(max_size=8), st.text(max_size=8), st.text(max_size=12))
def test_ce_qui_est_ecrit_se_relit(corps: bytes, section: str, cle: str, valeur: str) -> None:
    """Whatever is asked is either refused and nothing moved, or read back as it was given."""
    ini = FichierIni(corps)
    try:
        ini.poser(section, cle, valeur)
    except ErreurConnue as refus:
        assert refus.code in ("CARACTERE_INVALIDE", "VALEUR_INI_INVALIDE")
        assert ini.octets() == corps
        return
    assert FichierIni(ini.octets()).valeur(section, cle) == valeur


@pytest.mark.parametrize("fin", FINS.values(), ids=FINS)
def test_fins_de_ligne(fin: str) -> None:
    ini = FichierIni(octets(PCSC, fin))
    assert (len(ini.lignes), ini.fin_de_ligne) == (45, fin)
    ini.poser("CANAL1", "Caracteristiques", "Autre 0")
    ini.poser("CANAL1", "Neuve", "1")
    attendu = PCSC.replace("Caracteristiques=Identive CLOUD 2700 R Smart Card Reader 1", "Caracteristiques=Autre 0")
    assert ini.octets() == octets(attendu.replace("NbPAD=1\n[CANAL1", "NbPAD=1\nNeuve=1\n[CANAL1"), fin)


def test_fins_melangees() -> None:
    brut = b"[A]\rx=1\r\ny=2\n\nz=3"
    ini = FichierIni(brut)
    assert [ligne.fin for ligne in ini.lignes] == ["\r", "\r\n", "\n", "\n", ""]
    assert [ini.ligne("a", cle).numero for cle in "xyz"] == [2, 3, 5]  # type: ignore[union-attr]
    ini.poser("A", "w", "4")
    assert ini.octets() == brut + b"\nw=4\n"


def test_casse_espaces_et_nuls() -> None:
    ini = FichierIni(b"[ Config ] ; fin\r\n\tNbCanaux =  2 \0\r\n")
    assert ini.valeur("CONFIG", "nbcanaux") == "2"
    assert ini.sections() == ["Config"]
    assert (ini.a_des_nuls, ini.est_cp1252) == (True, True)
    ini.poser("config", "NBCANAUX", "3")
    assert ini.octets() == b"[ Config ] ; fin\r\n\tNbCanaux =  3 \0\r\n"
    assert ini.en_cp1252().octets() == b"[ Config ] ; fin\r\n\tNbCanaux =  3 \r\n"


def test_la_premiere_compte() -> None:
    ini = FichierIni(b"hors=0\n[A]\nx=1\nX=2\n[B]\n[a]\nx=3\ny=4\n")
    assert (ini.valeur("A", "x"), ini.valeur("A", "y"), ini.valeur("", "hors")) == ("1", None, None)
    assert ini.cles("a") == {"x": "1"}
    assert [ligne.numero for ligne in ini.doublons()] == [4, 6]
    ini.poser("A", "x", "9")
    assert ini.octets() == b"hors=0\n[A]\nx=9\nX=2\n[B]\n[a]\nx=3\ny=4\n"


def test_lignes_incomprises() -> None:
    ini = FichierIni(b"; c\n# d\n\n[A\nsans egal\n=sans cle\n [B] \n;x=1\n")
    assert [ligne.numero for ligne in ini.incomprises()] == [4, 5, 6]
    assert ini.sections() == ["B"]


def test_section_retiree_sans_le_commentaire_de_la_suivante() -> None:
    ini = FichierIni(b"; a\n[A]\nx=1\n; dans A\ny=2\n\n; b\n[B]\nz=3\n")
    ini.retirer_section("a")
    ini.retirer_section("absente")
    assert ini.octets() == b"; a\n\n; b\n[B]\nz=3\n"
    assert ini.ligne("B", "z").numero == 5  # type: ignore[union-attr]


def test_section_ajoutee() -> None:
    ini = FichierIni(b"")
    ini.ajouter_section("A", {"x": "1"})
    ini.poser("B", "y", "é")
    assert ini.octets() == b"[A]\r\nx=1\r\n\r\n[B]\r\ny=\xe9\r\n"


def test_marque_utf16_relue_et_remise_en_cp1252() -> None:
    brut = b"\xff\xfe" + "[A]\r\nx=é\r\n".encode("utf-16-le")
    ini = FichierIni(brut)
    assert (ini.valeur("A", "x"), ini.est_cp1252, ini.octets()) == ("é", False, brut)
    assert ini.en_cp1252().octets() == b"[A]\r\nx=\xe9\r\n"
    with pytest.raises(ErreurConnue, match="CP1252"):
        FichierIni(b"\xef\xbb\xbf" + "[A]\nx=日\n".encode()).en_cp1252()


def test_trop_gros() -> None:
    FichierIni(b"a" * TAILLE_MAX)
    with pytest.raises(ErreurConnue) as refus:
        FichierIni(b"a" * (TAILLE_MAX + 1))
    assert refus.value.code == "INI_TROP_GROS"
