"""ARL: bytes written by hand, round trip, refusals."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import arl
from sesam_desktop.noyau.erreurs import FormatInvalide
from tests.outils.exemples import exemples

POSITIF = arl.Arl(
    True, "FSE", "ABC123", "007", date(2026, 3, 3), emetteur="00000000721001", destinataire="00000999000011",
    cree_le=date(2026, 3, 4), type_flux="T",
)
NEGATIF = replace(
    POSITIF, positif=False, commentaire="LOT REFUSE", anomalies=(arl.AnomalieArl("SIG", "SIGNATURE INVERIFIABLE", 3),)
)
A_LA_MAIN = (
    b"000CT00000000721001      TP00000999000011      TRABC1232603040930    UT" + b" " * 11 + b"128" + b" " * 43
    + b"08003260303007@"
    + b"99099" + b"080".ljust(17) + b"00000000" + b"00000000000" + b"P@"
    + b"999CT00000000721001      TP00000999000011      TRABC12300000004T" + b" " * 18 + b"001"
    + b"00000000000P00000000000" + b" " * 20
)


def test_arl_positif_ecrit_a_la_main() -> None:
    assert arl.ecrire(POSITIF) == A_LA_MAIN


@pytest.mark.parametrize(
    ("genre", "positif", "reference"),
    [("FSE", True, b"0930"), ("FSE", False, b"0931"), ("SCOR", True, b"0932"), ("SCOR", False, b"0933")],
)
def test_references(genre: str, positif: bool, reference: bytes) -> None:
    ecrit = replace(POSITIF, genre=genre, positif=positif)
    assert arl.ecrire(ecrit)[61:65] == reference
    assert arl.lire(arl.ecrire(ecrit)) == ecrit


@pytest.mark.parametrize("ecrit", [POSITIF, NEGATIF, replace(NEGATIF, date_lot=None, cree_le=None, anomalies=())])
def test_aller_retour_et_controle(ecrit: arl.Arl) -> None:
    octets = arl.ecrire(ecrit)
    assert arl.lire(octets) == ecrit
    codes = {a.code for a in arl.verifier(octets)}
    assert codes == set()


motifs = st.builds(
    arl.AnomalieArl,
    st.sampled_from(arl.CODES),
    st.text("AB 1", max_size=80).map(str.rstrip),
    st.integers(0, 99),
)


@exemples(30)
@given(
    lot=st.text("0123456789", min_size=3, max_size=3),
    jour=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    anomalies=st.lists(motifs, max_size=5).map(tuple),
    commentaire=st.text("AB 1", max_size=128).map(str.rstrip),
)
def test_aller_retour_quelconque(
    lot: str, jour: date | None, anomalies: tuple[arl.AnomalieArl, ...], commentaire: str
) -> None:
    ecrit = replace(NEGATIF, lot=lot, date_lot=jour, anomalies=anomalies, commentaire=commentaire)
    assert arl.lire(arl.ecrire(ecrit)) == ecrit


@pytest.mark.parametrize(
    "impossible",
    [
        replace(POSITIF, genre="DRE"),
        replace(POSITIF, lot="1234"),
        replace(NEGATIF, anomalies=(arl.AnomalieArl("SIG", "x" * 81),)),
        replace(NEGATIF, anomalies=(arl.AnomalieArl("SIG", "x", 100),)),
        replace(NEGATIF, commentaire="x" * 129),
    ],
)
def test_ce_qui_ne_tient_pas_est_refuse(impossible: arl.Arl) -> None:
    with pytest.raises(FormatInvalide):
        arl.ecrire(impossible)


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (A_LA_MAIN.replace(b"0930", b"0908", 1), "REFERENCE"),
        (A_LA_MAIN[:-128], "STRUCTURE"),
        (A_LA_MAIN.replace(b"08003260303007@", b"", 1), "STRUCTURE"),
        (A_LA_MAIN.replace(b"08003260303007@", b"08003260303007@" * 2, 1), "STRUCTURE"),
        (A_LA_MAIN + b"29503@", "SEQUENCE"),
        (b"pas un ARL", "ENTETE_ABSENT"),
    ],
)
def test_arl_malforme_refuse(octets: bytes, code: str) -> None:
    with pytest.raises(FormatInvalide) as refus:
        arl.lire(octets)
    assert refus.value.code == code


@given(donnees=st.data())
def test_arl_mute(donnees: st.DataObject) -> None:
    octets = bytearray(arl.ecrire(NEGATIF))
    for _ in range(donnees.draw(st.integers(1, 4))):
        octets[donnees.draw(st.integers(0, len(octets) - 1))] = donnees.draw(st.integers(0, 255))
    arl.verifier(bytes(octets))
    with contextlib.suppress(FormatInvalide):
        arl.lire(bytes(octets))
