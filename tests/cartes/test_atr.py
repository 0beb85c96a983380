"""ATRs: expected kinds from the public pcsc-tools list and the rules of the reference folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.cartes.atr import GenreCarte, octets_historiques, reconnaitre

CONNUES = [
    ("3F 65 25 00 22 09 F9 90 00", GenreCarte.VITALE1),
    ("3F 65 25 00 2C 09 69 90 00", GenreCarte.VITALE1),
    ("3F 65 25 00 52 09 6A 90 00", GenreCarte.VITALE1),
    ("3F 65 25 00 A3 09 6A 90 00", GenreCarte.VITALE1),
    ("3F 65 25 00 A4 09 6A 90 00", GenreCarte.VITALE1),
    *((f"3B 75 13 00 00 4{x} 09 EA 90 00", GenreCarte.VITALE2) for x in "3456789BC"),
    ("3B 75 13 00 00 45 09 FA 90 00", GenreCarte.VITALE2),
    ("3B AC 00 40 2A 00 12 25 00 64 80 82 02 12 00 90 00", GenreCarte.CPS2TER),
    ("3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90 00", GenreCarte.CPS3),
    ("3B 8F 80 01 00 31 B8 64 04 B0 EC C1 73 94 01 80 82 90 00 0E", GenreCarte.CPS3_SANS_CONTACT),
    ("3B 9B 18 80 01 00 12 25 00 64 80 04 01 00 00 90 44", GenreCarte.CPS4),
    ("3B 9B 18 80 01 00 12 25 00 64 80 00 04 01 00 90 44", GenreCarte.CPS4),
    ("3B DC 18 FF 00 00 12 25 00 64 80 00 04 01 00 90 00", GenreCarte.CPS4),
]
VOISINES = [
    "3F 65 25 00 24 09 6B 90 00",  # bank ID card
    "3F 65 25 00 2B 09 69 90 00",  # parking meter
    "3F 65 25 08 22 04 68 90 00",  # telephone card
    "3B 75 13 00 00 9C 02 02 01 02",  # Cyberflex
    "3B 8F 80 01 00 31 B8 64 04 B0 EC C1 73 94 01 80 FF FF FF E3",  # hospital card
    "3B AC 00 40 2A 00 12 25 00 64 80 00 09 99 00 90 00",  # issuer of the CPS, unknown version
    "3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90",  # cut
    "3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90 00 00",  # too long
    "3B",
    "",
]


LISTE = Path("/usr/share/pcsc/smartcard_list.txt")
NOTRES = re.compile(r"vitale|vitate|\bCPS v3|card CPS|^Health Care card$", re.IGNORECASE)


def _liste_publique() -> Iterator[tuple[str, str]]:
    """Every ATR or mask of pcsc-tools' list, with all that is said of it."""
    for paragraphe in LISTE.read_text("utf-8", "replace").split("\n\n"):
        lignes = [ligne for ligne in paragraphe.splitlines() if not ligne.startswith("#")]
        if lignes and re.match("3[BF]", lignes[0]):
            yield lignes[0].replace(" ", "").strip(), "\n".join(ligne.strip() for ligne in lignes[1:])


def _exemplaires(masque: str) -> Iterator[str]:
    """ATRs that answer this mask: each choice of its brackets, and each figure in place of its dots, one at a time."""
    crochet = re.search(r"\[([^]]*)\]", masque)
    if crochet:
        for choix in crochet[1]:
            yield from _exemplaires(masque[: crochet.start()] + choix + masque[crochet.end() :])
    elif re.fullmatch("[0-9A-F.]+", masque):
        for chiffre in "0123456789ABCDEF" if "." in masque else "0":
            yield masque.replace(".", chiffre)


@pytest.mark.skipif(not LISTE.exists(), reason="pcsc-tools n'est pas installé")
def test_toute_la_liste_publique() -> None:
    """Parking meters, bank cards, identity cards: no other card of the list is ours, and all of ours are."""
    liste = list(_liste_publique())
    assert len(liste) > 4000
    ours = {m: texte for m, texte in liste if NOTRES.search(texte) and "european" not in texte}
    assert len(ours) >= 14, "trois masques de Vitale 1, huit Vitale 2, trois CPS"
    for masque, texte in liste:
        genres = {reconnaitre(bytes.fromhex(a)) for a in _exemplaires(masque) if len(a) % 2 == 0}
        assert (GenreCarte.INCONNUE not in genres) if masque in ours else genres <= {GenreCarte.INCONNUE}, texte


@pytest.mark.parametrize(("atr", "genre"), CONNUES)
def test_atr_connu(atr: str, genre: GenreCarte) -> None:
    assert reconnaitre(bytes.fromhex(atr)) is genre


@pytest.mark.parametrize("atr", VOISINES)
def test_carte_voisine_reste_inconnue(atr: str) -> None:
    assert reconnaitre(bytes.fromhex(atr)) is GenreCarte.INCONNUE


def test_octets_d_interface_ignores_pour_la_cps() -> None:
    assert reconnaitre(bytes.fromhex("3B 6C 00 FF 00 12 25 00 64 80 00 03 10 00 90 00")) is GenreCarte.CPS3


def test_roles() -> None:
    vitales = [g for g in GenreCarte if g.est_vitale]
    cps = [g for g in GenreCarte if g.est_cps]
    assert vitales == [GenreCarte.VITALE1, GenreCarte.VITALE2]
    assert cps == [GenreCarte.CPS2TER, GenreCarte.CPS3, GenreCarte.CPS3_SANS_CONTACT, GenreCarte.CPS4]
    assert all(g.libelle for g in GenreCarte)


def test_octets_historiques_mensongers() -> None:
    assert octets_historiques(bytes.fromhex("3B8080")) == b""  # announces a TD2 that is not there
    assert octets_historiques(bytes.fromhex("3BF0")) == b""
    assert octets_historiques(bytes.fromhex("3B021234")) == b"\x12\x34"


@given(st.binary(max_size=40))
def test_n_importe_quoi_est_range_sans_erreur(octets: bytes) -> None:
    assert isinstance(reconnaitre(octets), GenreCarte)
    assert isinstance(reconnaitre(b"\x3b" + octets), GenreCarte)
