"""Streaming reader of B2: cutting, types, raw unknown records, refusals, bounded memory."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import b2
from sesam_desktop.flux.b2.lecture import type_de
from sesam_desktop.noyau.erreurs import FormatInvalide
from tests.outils.exemples import exemples

from .fabrique import EXEMPLE_CP, fichier


def test_lit_l_exemple_publie() -> None:
    lus = list(b2.lire(EXEMPLE_CP.read_bytes()))
    assert [e.type for e in lus] == ["000", "1", "2", "2S", "4", "4S", "5", "6", "999"]
    assert [e.ligne for e in lus] == list(range(1, 10))
    acte = lus[4].zones
    assert (acte["code_acte"], acte["honoraires"], acte["montant_amo"], acte["taux"]) == ("G", 3000, 2100, 70)
    assert lus[2].zones["date_naissance"] == "550615"


def test_reecrit_a_l_octet_pres_et_zone_par_zone() -> None:
    octets = EXEMPLE_CP.read_bytes()
    lus = list(b2.lire(octets))
    assert b2.ecrire(lus) == octets
    assert all(e.layout is not None and e.layout.ecrire(e.zones) == e.octets for e in lus)


def test_tous_les_types_du_profil_sont_reconnus() -> None:
    octets = b2.ecrire(fichier())
    types = [e.type for e in b2.lire(octets)]
    assert types == ["000", "1", "2", "2S", "4", "4S", "4E", "4M", "5", "5S", "6", "999"]


def test_les_fins_de_ligne_sont_sautees() -> None:
    attendus = [e.octets for e in fichier()]
    for separateur in (b"\r\n", b"\n"):
        assert [e.octets for e in b2.lire(separateur.join(attendus) + separateur)] == attendus


def test_un_type_inconnu_est_garde_brut() -> None:
    brut = b"4" + b"0" * 34 + b"D" + b"0" * 92
    (lu,) = b2.lire(brut)
    assert (lu.type, lu.octets, lu.layout) == ("4D", brut, None)
    assert lu.zones == {"brut": brut.decode()}


@pytest.mark.parametrize(
    ("octets", "type_"),
    [(b"x" * 128, "?"), (b"9" * 3 + b" " * 125, "999"), (b"9" + b"0" * 127, "?"), (b"1" * 128, "1"), (b"7" * 128, "?")],
)
def test_type_d_un_enregistrement(octets: bytes, type_: str) -> None:
    assert type_de(octets) == type_


def test_enregistrement_tronque() -> None:
    octets = EXEMPLE_CP.read_bytes()
    lus = b2.lire(octets[:-1])
    for _ in range(8):
        next(lus)
    with pytest.raises(FormatInvalide) as refus:
        next(lus)
    assert (refus.value.code, refus.value.ligne) == ("LONGUEUR", 9)


def test_norme_inconnue() -> None:
    octets = EXEMPLE_CP.read_bytes().replace(b"CP  B2", b"ZZ  B2", 1)
    with pytest.raises(FormatInvalide) as refus:
        list(b2.lire(octets))
    assert (refus.value.code, refus.value.position) == ("NORME_INCONNUE", 62)
    assert len(list(b2.lire(octets, "b2_cp_2005e"))) == 9


def test_une_zone_illisible_dit_ou() -> None:
    octets = bytearray(EXEMPLE_CP.read_bytes())
    octets[4 * 128 + 114] = ord("X")
    lus = list(b2.lire(bytes(octets)))
    with pytest.raises(FormatInvalide) as refus:
        _ = lus[4].zones
    assert (refus.value.ligne, refus.value.position, refus.value.zone) == (5, 115, "honoraires")


class _Sans_Fin(io.RawIOBase):
    """A stream that gives the same record over and over, without holding it."""

    def __init__(self, enregistrement: bytes, nombre: int) -> None:
        self.enregistrement, self.reste = enregistrement, nombre

    def read(self, taille: int = -1) -> bytes:
        donnes = min(self.reste, max(1, taille // len(self.enregistrement)))
        self.reste -= donnes
        return self.enregistrement * donnes


def test_la_memoire_reste_constante() -> None:
    flux = _Sans_Fin(fichier()[2].octets, 30_000)  # 3,8 MB
    tracemalloc.start()
    assert sum(1 for _ in b2.lire(flux)) == 30_000  # type: ignore[arg-type]
    _, sommet = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sommet < 2_000_000


@given(octets=st.binary(max_size=600))
def test_octets_quelconques(octets: bytes) -> None:
    try:
        lus = list(b2.lire(octets))
    except FormatInvalide:
        return
    assert b2.ecrire(lus) == bytes(o for o in octets if o not in b"\r\n")
    for e in lus:
        try:
            _ = e.zones
        except FormatInvalide as refus:
            assert refus.ligne == e.ligne


_SANS_FIN_DE_LIGNE = st.binary(min_size=127, max_size=127).map(lambda o: o.translate(bytes.maketrans(b"\r\n", b"  ")))


@given(tetes=st.lists(st.tuples(st.sampled_from(b"0123456789A\x00\xff"), _SANS_FIN_DE_LIGNE), max_size=6))
def test_aller_retour_a_l_octet_pres(tetes: list[tuple[int, bytes]]) -> None:
    """Records of any type, known or not, readable or not: what was read is written again as it was."""
    octets = b"".join(bytes([tete]) + suite for tete, suite in tetes)
    assert b2.ecrire(b2.lire(octets, "b2_ps_140")) == octets
    b2.verifier(octets)


def test_un_enregistrement_coupe_par_une_fin_de_ligne() -> None:
    octets = EXEMPLE_CP.read_bytes()
    lus = b2.lire(octets[:300] + b"\n" + octets[300:])
    assert [next(lus).ligne, next(lus).ligne] == [1, 2]
    with pytest.raises(FormatInvalide) as refus:
        next(lus)
    assert (refus.value.code, refus.value.ligne) == ("LONGUEUR", 3)


@exemples(40)
@given(donnees=st.data())
def test_fichier_mute(donnees: st.DataObject) -> None:
    octets = bytearray(b2.ecrire(fichier()))
    for _ in range(donnees.draw(st.integers(1, 6))):
        octets[donnees.draw(st.integers(0, len(octets) - 1))] = donnees.draw(st.integers(0, 255))
    b2.verifier(bytes(octets))
    try:
        for e in b2.lire(bytes(octets)):
            _ = e.zones
    except FormatInvalide:
        pass
