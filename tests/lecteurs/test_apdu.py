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
        (("AABB6282",), 2),
        (("AABB9000", "6B00"), 2),  # a short first reading may be all a card gives at once
        (("AABB9000", "CCDD9000", "EE9000"), 5),
        (("AABB9000", "CCDD9000", "9000"), 4),
        (("6C02", "AABB9000", "CC6282"), 3),
        (("6102", "AABB9000", "6B00"), 2),
        (("6700", "AA" * 128 + "9000", "BB6282"), 129),  # a card that wants less asked
        (("AABBCC9000", "6700", "DD9000", "6700"), 4),
        (("AABB" * 128 + "9000", "6A86"), 256),  # another word for a place past the end
    ],
)
def test_lecture_d_un_fichier(reponses: tuple[str, ...], attendu: int) -> None:
    session = SessionEcrite(*reponses)
    assert len(apdu.lire_fichier(session, sfi=2)) == attendu
    assert session.recus[0] == "00B0820000"


def test_les_morceaux_se_suivent() -> None:
    session = SessionEcrite("AA" * 200 + "9000", "BB" * 200 + "9000", "CC" * 3 + "9000")
    assert apdu.lire_fichier(session, sfi=2) == b"\xaa" * 200 + b"\xbb" * 200 + b"\xcc" * 3
    assert session.recus == ["00B0820000", "00B000C8C8", "00B00190C8"]


@pytest.mark.parametrize(
    ("reponses", "envois"),
    [
        (("9000",), ["00A40900043F00D003"]),
        (("6283",), ["00A40900043F00D003"]),
        (("6A82", "6112", "00" * 18 + "9000"), ["00A40900043F00D003", "00A4080002D003", "00C0000012"]),
        (
            ("6A86", "6A86", "9000", "9000"),
            ["00A40900043F00D003", "00A4080002D003", "00A40000023F00", "00A4000002D003"],
        ),
        (
            ("6A86", "6A86", "9000", "6A82", "9000"),  # folders by P1=00, files by P1=02
            ["00A40900043F00D003", "00A4080002D003", "00A40000023F00", "00A4000002D003", "00A4020002D003"],
        ),
    ],
)
def test_chemin_d_un_coup_ou_pas_a_pas(reponses: tuple[str, ...], envois: list[str]) -> None:
    session = SessionEcrite(*reponses)
    apdu.choisir_chemin(session, 0x3F00, 0xD003)
    assert session.recus == envois


@pytest.mark.parametrize(
    ("dernieres", "sw"),
    [(("6A82", "6A82"), 0x6A82), (("6A82", "6A86"), 0x6A82), (("6A86", "6A82"), 0x6A82), (("6982", "6A86"), 0x6982)],
)
def test_chemin_qui_n_existe_pas(dernieres: tuple[str, ...], sw: int) -> None:
    """« No such file » is what is kept of two refusals: it alone is a hole among the situations."""
    with pytest.raises(apdu.RefusCarte) as refus:
        apdu.choisir_chemin(SessionEcrite("6A82", "6A82", "9000", *dernieres), 0x3F00, 0xD003)
    assert refus.value.sw == sw


def test_le_fichier_maitre_n_est_pas_un_fichier() -> None:
    session = SessionEcrite("6A82")
    with pytest.raises(apdu.RefusCarte):
        apdu.choisir_fichier(session, 0x3F00)
    assert session.recus == ["00A40000023F00"]


def test_6c_ne_renvoie_jamais_une_commande_qui_portait_des_donnees() -> None:
    session = SessionEcrite("6C02")
    assert apdu.envoyer(session, bytes.fromhex("00A40000023F00")) == (b"", 0x6C02)
    assert session.recus == ["00A40000023F00"]


def test_fichier_vide() -> None:
    for reponse in ("6B00", "6282", "9000"):
        assert apdu.lire_fichier(SessionEcrite(reponse)) == b""


@pytest.mark.parametrize("reponses", [("6982",), ("6A86",), ("6700",) * 9, ("AA" * 256 + "9000", "6F00")])
def test_lecture_refusee(reponses: tuple[str, ...]) -> None:
    with pytest.raises(ErreurConnue) as refus:
        apdu.lire_fichier(SessionEcrite(*reponses))
    assert refus.value.code == "CARTE_REFUSE"
    assert refus.value.ou == "lecteur"


@pytest.mark.parametrize("morceau", [256, 100, 1])
def test_fichier_sans_fin(morceau: int) -> None:
    with pytest.raises(ErreurConnue) as refus:
        apdu.lire_fichier(SessionEcrite(*["AA" * morceau + "9000"] * 2100))
    assert refus.value.code == "CARTE_ILLISIBLE"
