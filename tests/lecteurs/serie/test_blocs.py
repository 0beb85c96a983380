"""The codec of blocks, against published CRC codewords and the published coding of T=1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs.serie import blocs
from sesam_desktop.lecteurs.serie.blocs import Bloc, BlocI, BlocInvalide, BlocR, BlocS, Demande, Edc, Faute
from sesam_desktop.noyau.erreurs import EntreeInvalide
from tests.outils import lecteur_pss

DE, VERS = 0xF2, 0x2F  # PAD 2 → workstation, workstation → PAD 2
BLOCS_S = st.one_of(
    st.builds(BlocS, st.sampled_from([Demande.RESYNCHRONISER, Demande.ABANDONNER]), st.booleans()),
    st.builds(BlocS, st.just(Demande.TAILLE), st.booleans(), st.integers(1, 254)),
    st.builds(BlocS, st.just(Demande.ATTENDRE), st.booleans(), st.integers(1, 255)),
)
BLOCS = st.one_of(
    st.builds(BlocI, st.integers(0, 1), st.booleans(), st.binary(max_size=254)),
    st.builds(BlocR, st.integers(0, 1), st.sampled_from(Faute)),
    BLOCS_S,
)


def test_controle_de_reference() -> None:
    """Check value of the CRC of ISO/IEC 13239 in the catalogue of parametrised CRC algorithms (CRC-16/IBM-SDLC)."""
    assert blocs.crc16(b"123456789") == 0x906E


@pytest.mark.parametrize(("octets", "crc"), [("000000", "CCC6"), ("0FAAFF", "FCD1"), ("0A123456", "2CF6")])
def test_exemples_de_la_norme(octets: str, crc: str) -> None:
    """ISO/IEC 14443-3, annex B: examples of CRC_B, which is the one of ISO/IEC 13239, as they are transmitted."""
    assert Edc.CRC.calculer(bytes.fromhex(octets)).hex().upper() == crc


def test_reste_de_hdlc() -> None:
    """RFC 1662, appendix C: over a frame and its own FCS, the register ends at F0B8 before it is complemented."""
    trame = blocs.ecrire(VERS, BlocI(1, False, b"\x00\x02\x16"))
    assert blocs.crc16(trame) ^ 0xFFFF == 0xF0B8


@given(st.binary(max_size=300))
def test_controle_egal_a_celui_du_lecteur(octets: bytes) -> None:
    assert Edc.CRC.calculer(octets) == lecteur_pss.controle(octets)


@pytest.mark.parametrize(
    ("bloc", "pcb"),
    [
        (BlocI(0, False, b""), 0x00),
        (BlocI(1, False, b""), 0x40),
        (BlocI(0, True, b""), 0x20),
        (BlocR(0), 0x80),
        (BlocR(1, Faute.CONTROLE), 0x91),
        (BlocR(0, Faute.AUTRE), 0x82),
        (BlocS(Demande.RESYNCHRONISER), 0xC0),
        (BlocS(Demande.RESYNCHRONISER, True), 0xE0),
        (BlocS(Demande.TAILLE, False, 254), 0xC1),
        (BlocS(Demande.ABANDONNER, True), 0xE2),
        (BlocS(Demande.ATTENDRE, True, 3), 0xE3),
    ],
)
def test_codage_publie_des_pcb(bloc: Bloc, pcb: int) -> None:
    """ISO 7816-3, tables of the PCB of I-, R- and S-blocks."""
    assert blocs.ecrire(VERS, bloc)[1] == pcb


def test_lrc() -> None:
    """By hand: 2F xor 00 xor 01 xor A5 = 8B."""
    assert blocs.ecrire(VERS, BlocI(0, False, b"\xa5"), Edc.LRC).hex().upper() == "2F0001A58B"


@given(BLOCS, st.sampled_from(Edc), st.integers(0, 14))
def test_aller_retour(bloc: Bloc, edc: Edc, pad: int) -> None:
    nad = blocs.nad_de(pad)
    assert blocs.lire(nad, blocs.ecrire(nad, bloc, edc), edc) == bloc


def test_adresses() -> None:
    assert (blocs.nad_vers(2), blocs.nad_de(2)) == (VERS, DE)
    for pad in (-1, 15):
        with pytest.raises(EntreeInvalide):
            blocs.nad_vers(pad)
        with pytest.raises(EntreeInvalide):
            blocs.nad_de(pad)


def test_bloc_trop_long() -> None:
    with pytest.raises(EntreeInvalide) as refus:
        blocs.ecrire(VERS, BlocI(0, False, bytes(255)))
    assert refus.value.code == "BLOC_TROP_LONG"


def _trame(corps: str) -> bytes:
    octets = bytes.fromhex(corps)
    return octets + lecteur_pss.controle(octets)


@pytest.mark.parametrize(
    ("octets", "faute"),
    [
        (b"", Faute.AUTRE),
        (b"\xf2\x00", Faute.AUTRE),
        (_trame("F20000") + b"\x00", Faute.AUTRE),
        (_trame("F20001"), Faute.AUTRE),
        (_trame("F20000")[:-1] + b"\x00", Faute.CONTROLE),
        (_trame("F30000"), Faute.AUTRE),
        (_trame("F200FF" + "00" * 255), Faute.AUTRE),
        (_trame("F20100"), Faute.AUTRE),  # a reserved bit of an I-block
        (_trame("F28300"), Faute.AUTRE),  # a reserved fault of an R-block
        (_trame("F2800100"), Faute.AUTRE),  # an R-block with data
        (_trame("F2C00100"), Faute.AUTRE),
        (_trame("F2C100"), Faute.AUTRE),
        (_trame("F2C10100"), Faute.AUTRE),
        (_trame("F2C101FF"), Faute.AUTRE),
        (_trame("F2C30100"), Faute.AUTRE),
        (_trame("F2C400"), Faute.AUTRE),
    ],
)
def test_refus(octets: bytes, faute: Faute) -> None:
    with pytest.raises(BlocInvalide) as refus:
        blocs.lire(DE, octets)
    assert (refus.value.code, refus.value.faute) == ("BLOC_INVALIDE", faute)


@given(st.binary(max_size=40), st.sampled_from(Edc))
def test_seuls_des_refus_types(octets: bytes, edc: Edc) -> None:
    try:
        bloc = blocs.lire(DE, octets, edc)
    except BlocInvalide:
        return
    assert blocs.ecrire(DE, bloc, edc) == octets


@given(st.binary(min_size=3, max_size=3), st.binary(max_size=4))
def test_tout_ce_qui_est_lu_se_reecrit(entete: bytes, info: bytes) -> None:
    octets = bytes([DE, entete[0], len(info)]) + info
    octets += lecteur_pss.controle(octets)
    try:
        bloc = blocs.lire(DE, octets)
    except BlocInvalide:
        return
    assert blocs.ecrire(DE, bloc) == octets


@given(BLOCS, st.data())
def test_un_octet_change_est_toujours_vu(bloc: Bloc, donnees: st.DataObject) -> None:
    trame = bytearray(blocs.ecrire(DE, bloc))
    place = donnees.draw(st.integers(0, len(trame) - 1))
    trame[place] ^= donnees.draw(st.integers(1, 255))
    with pytest.raises(BlocInvalide):
        blocs.lire(DE, bytes(trame))
