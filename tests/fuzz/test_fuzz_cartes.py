"""The target of `fuzz_cartes` under hypothesis, then the attacks one thinks of by hand, with their memory bounded."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.cartes import tlv, vitale_zones, zones
from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_duo_de_demonstration
from sesam_desktop.cartes.demonstration import cartes_ps_de_demonstration as cartes_ps
from sesam_desktop.cartes.duo import ecrire as ecrire_duo
from sesam_desktop.cartes.ps_zones import groupes_de as groupes_ps
from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

from .fuzz_cartes import DECODEURS, TestOneInput, decoder

TestOneInput.__test__ = False  # type: ignore[attr-defined] - a function for atheris, not a class of tests
KO, MO = 1 << 10, 1 << 20
BONNES = [
    zones.ecrire(vitale_zones.groupes_de(dict(cartes_de_demonstration())["amc"])),
    zones.ecrire(vitale_zones.groupes_de(dict(cartes_de_demonstration())["tribu"])),
    zones.ecrire(groupes_ps(dict(cartes_ps())["infirmiere-remplacante"])),
    ecrire_duo(dict(cartes_duo_de_demonstration())["duo-famille"]),
]


@pytest.mark.parametrize("rang", range(len(DECODEURS)), ids=list(DECODEURS))
@settings(max_examples=60)
@given(octets=st.binary(max_size=400))
def test_n_importe_quels_octets(rang: int, octets: bytes) -> None:
    TestOneInput(bytes([rang]) + octets)


@pytest.mark.parametrize("nom", DECODEURS)
@settings(max_examples=40)
@given(data=st.data())
def test_bonnes_donnees_abimees(nom: str, data: st.DataObject) -> None:
    """Cut, prolonged, one byte changed: what lies is closer to the truth than noise."""
    octets = bytearray(data.draw(st.sampled_from(BONNES)))
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    coupe = data.draw(st.integers(0, len(octets)))
    decoder(nom, bytes(octets[:coupe]) + data.draw(st.binary(max_size=8)))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from([101, 102, 104, 105, 106, 109, 112]), st.integers(0, 20)), max_size=12))
def test_groupes_dans_tous_les_ordres(suite: list[tuple[int, int]]) -> None:
    octets = zones.ecrire([Groupe(numero, (b"0",) * champs) for numero, champs in suite])
    for nom in ("vitale", "vitale 1.31", "ps"):
        decoder(nom, octets)


def _emboites(profondeur: int) -> bytes:
    octets = b""
    for _ in range(profondeur):
        octets = tlv.ecrire([Tlv(0xE1, octets)])
    return octets


def _zone(numero: int, champs: bytes) -> bytes:
    return numero.to_bytes(2, "big") + tlv.ecrire_longueur(len(champs)) + champs


def _plan(fichiers: int, differents: bool) -> bytes:
    entrees = tlv.ecrire([Tlv(0xA0, tlv.ecrire([Tlv(0x82, b"\0\1\0\0\xd2")]))])
    fids = range(fichiers) if differents else [1] * fichiers
    lignes = b"".join(b"\x80\x0cFICHIER \0\1" + fid.to_bytes(2, "big") for fid in fids)
    return tlv.ecrire([Tlv(0xE0, entrees + lignes)])


BOMBES: dict[str, Callable[[], bytes]] = {
    "emboîtements": lambda: _emboites(2_000),
    "objets sans nombre": lambda: b"\x80\x00" * (4 * KO),
    "titulaires sans nombre": lambda: b"\x65\x00" * (4 * KO),
    "champ de 64 Ko": lambda: _zone(101, tlv.ecrire_longueur(64 * KO) + b"\xff" * 64 * KO),
    "champs vides sans nombre": lambda: _zone(101, b"\0" * 16 * KO),
    "groupes sans nombre": lambda: BONNES[0] + b"\x00\x70\x00" * (4 * KO),
    "bénéficiaires sans nombre": lambda: BONNES[0] + _zone(104, b"\0" * 12 + b"\x011\x010\x010\0\0\0") * 500,
    "périodes sans nombre": lambda: BONNES[0] + _zone(106, b"\0\0\0\0") * 2_000,
    "zone trop grande": lambda: bytes(zones.TAILLE_MAXIMALE + 1),
    "plan qui boucle": lambda: _plan(500, differents=False),
    "plan sans fin": lambda: _plan(500, differents=True),
    "longueur qui ment": lambda: b"\xe1\x83\xff\xff\xff" + b"\0" * 100,
    "latin-1 impossible": lambda: _zone(101, bytes(range(0x80, 0x8E)) * 14),
    "réponses sans fin": lambda: b"\xff" + b"\xaa" * 256 + b"\x90\x00",
    "suites sans fin": lambda: b"\x00\x61\x00",
    "un octet à la fois": lambda: b"\x01\xaa\x90\x00",
    "longueurs redemandées": lambda: b"\x00\x6c\x00",
}


@pytest.mark.parametrize("bombe", BOMBES)
@pytest.mark.parametrize("nom", DECODEURS)
def test_bombes(nom: str, bombe: str) -> None:
    """Refused or read, in a memory that stays a small multiple of what was given."""
    octets = BOMBES[bombe]()
    tracemalloc.start()
    try:
        decoder(nom, octets)
        sommet = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sommet < 4 * MO, f"{sommet / MO:.1f} Mo pour {len(octets)} octets"


def test_un_plan_qui_boucle_donne_chaque_fichier_une_fois() -> None:
    assert len(DECODEURS["plan"](_plan(50, differents=False))) == 1  # type: ignore[arg-type]
    assert isinstance(decoder("plan", _plan(65, differents=True)), FormatInvalide)


@pytest.mark.parametrize("octets", BONNES[:3])
def test_jamais_une_carte_a_moitie(octets: bytes) -> None:
    """Cut anywhere but between two groups, a card gives nobody; cut between two, whole groups only."""
    frontieres = {0}
    for groupe in zones.lire(octets):
        frontieres.add(max(frontieres) + len(zones.ecrire([groupe])))
    for coupe in range(0, len(octets), 7):
        if coupe in frontieres:
            continue
        for nom in ("vitale", "ps"):
            assert isinstance(decoder(nom, octets[:coupe]), ErreurConnue)
