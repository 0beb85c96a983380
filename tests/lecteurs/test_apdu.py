"""Commands and the habits of T=0, against answers written by hand."""

from __future__ import annotations

import pytest

from sesam_desktop.lecteurs import apdu
from sesam_desktop.noyau.erreurs import ErreurConnue

from .doubles import SessionEcrite


def test_formes_de_commande() -> None:
    assert apdu.commande(0x00, 0xA4, 0x00, 0x00, b"\x3f\x00").hex() == "00a40000023f00"
    assert apdu.commande(0x00, 0xB0, 0x82, 0x00, le=256).hex() == "00b0820000"
    assert apdu.commande(0x00, 0x2A, 0x9E, 0x9A).hex() == "002a9e9a"


def test_61_demande_la_suite_jusqu_au_bout() -> None:
    session = SessionEcrite("6102", "AABB6101", "CC9000")
    assert apdu.envoyer(session, bytes.fromhex("00A40000023F00")) == (b"\xaa\xbb\xcc", 0x9000)
    assert session.recus == ["00A40000023F00", "00C0000002", "00C0000001"]


def test_6c_recommence_avec_la_bonne_longueur() -> None:
    session = SessionEcrite("6C03", "AABBCC9000")
    assert apdu.envoyer(session, bytes.fromhex("00B0000000")) == (b"\xaa\xbb\xcc", 0x9000)
    assert session.recus == ["00B0000000", "00B0000003"]


def test_une_carte_qui_ne_finit_jamais() -> None:
    with pytest.raises(ErreurConnue) as refus:
        apdu.envoyer(SessionEcrite(*["6101"] * 300), bytes.fromhex("00A40000023F00"))
    assert refus.value.code == "CARTE_REFUSE"


@pytest.mark.parametrize(
    ("reponses", "attendu"),
    [
        (("AABB" * 128 + "9000", "6B00"), 256),  # size multiple of the step: the end is told by 6B00
        (("AABB" * 128 + "9000", "6C02", "AABB9000"), 258),
        (("AABB9000",), 2),
        (("AABB6282",), 2),
    ],
)
def test_lecture_d_un_fichier(reponses: tuple[str, ...], attendu: int) -> None:
    session = SessionEcrite(*reponses)
    assert len(apdu.lire_fichier(session, sfi=2)) == attendu
    assert session.recus[0] == "00B0820000"
    assert all(r.startswith("00B00100") for r in session.recus[1:])


@pytest.mark.parametrize("reponses", [("6982",), ("6B00",), ("AA" * 256 + "9000", "6F00")])
def test_lecture_refusee(reponses: tuple[str, ...]) -> None:
    with pytest.raises(ErreurConnue) as refus:
        apdu.lire_fichier(SessionEcrite(*reponses))
    assert refus.value.code == "CARTE_REFUSE"
    assert refus.value.ou == "lecteur"


def test_fichier_sans_fin() -> None:
    with pytest.raises(ErreurConnue):
        apdu.lire_fichier(SessionEcrite(*["AA" * 256 + "9000"] * 200))
