"""The code porteur: presented once, to a CPS alone, and its tries counted without being spent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sesam_desktop.lecteurs import lecture
from sesam_desktop.lecteurs.canal import SessionCarte
from sesam_desktop.lecteurs.emulation_vitale import ATR_VITALE2
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .doubles import SessionEcrite, cps


@pytest.fixture
def session_cps() -> Iterator[SessionCarte]:
    with CanalVirtuel({"fente": cps()}).connecter("fente") as session:
        yield session


def test_bon_code(session_cps: SessionCarte) -> None:
    lecture.verifier_code(session_cps, "1234")
    assert lecture.essais_restants(session_cps) == 3


def test_code_faux_puis_bloque(session_cps: SessionCarte) -> None:
    phrases = []
    for _ in range(3):
        with pytest.raises(ErreurConnue) as refus:
            lecture.verifier_code(session_cps, "0000")
        phrases.append((refus.value.code, refus.value.message))
        assert "0000" not in refus.value.phrase()
    assert phrases == [
        ("CODE_FAUX", "Code porteur erroné : il reste 2 essais avant le blocage de la carte."),
        ("CODE_FAUX", "Code porteur erroné : il reste 1 essai avant le blocage de la carte."),
        ("CODE_BLOQUE", "La carte CPS est bloquée : le code porteur a été erroné trois fois."),
    ]
    assert lecture.essais_restants(session_cps) == 0


@pytest.mark.parametrize("code", ["", "123", "12345", "abcd", "１２３４", "1234\n"])
def test_code_mal_forme_jamais_envoye(code: str) -> None:
    session = SessionEcrite()
    with pytest.raises(EntreeInvalide) as refus:
        lecture.verifier_code(session, code)
    assert refus.value.code == "CODE_INVALIDE"
    assert session.recus == []


TROIS_ESSAIS = "700CBF810108A0069A01039B0103" + "9000"


@pytest.mark.parametrize("reponse", ["6F00", "6C04", "6700", "6982"])
def test_le_code_n_est_presente_qu_une_fois(reponse: str) -> None:
    """Not even in part: a card that answers 6Cxx to data is not sent a VERIFY without them."""
    session = SessionEcrite("9000", TROIS_ESSAIS, reponse)
    with pytest.raises(ErreurConnue) as refus:
        lecture.verifier_code(session, "1234")
    assert refus.value.code == "CARTE_REFUSE"
    assert session.recus[-1] == "002000010431323334"
    assert [envoi for envoi in session.recus if envoi.startswith("0020")] == ["002000010431323334"]


@pytest.mark.parametrize(
    ("reponse", "code", "reste"),
    [
        ("63C2", "CODE_FAUX", "il reste 2 essais"),
        ("6300", "CODE_FAUX", "il reste 2 essais"),  # wrong, and the counter was at three
        ("63C1", "CODE_FAUX", "il reste 1 essai avant"),
        ("63C0", "CODE_BLOQUE", "bloquée"),
        ("6983", "CODE_BLOQUE", "bloquée"),
    ],
)
def test_mots_d_un_code_faux(reponse: str, code: str, reste: str) -> None:
    with pytest.raises(ErreurConnue, match=reste) as refus:
        lecture.verifier_code(SessionEcrite("9000", TROIS_ESSAIS, reponse), "1234")
    assert refus.value.code == code


@pytest.mark.parametrize(
    ("atr", "code"),
    [
        (ATR_VITALE2, "CPS_INVALIDE"),
        (bytes.fromhex("3B6500002063CB6600"), "CPS_INVALIDE"),  # a bank card
        (bytes.fromhex("3F6525002C09699000"), "CARTE_NON_LUE"),  # a Vitale 1
        (bytes.fromhex("3B8F80010031B86404B0ECC1739401808290000E"), "CARTE_NON_LUE"),  # a contactless CPS
    ],
)
def test_le_code_ne_va_qu_a_une_cps(atr: bytes, code: str) -> None:
    session = SessionEcrite(atr=atr)
    with pytest.raises(ErreurConnue) as refus:
        lecture.verifier_code(session, "1234")
    assert refus.value.code == code
    assert session.recus == []


@pytest.mark.parametrize(
    ("reponse", "code"),
    [("6A88", "CODE_NON_VERIFIABLE"), ("6983", "CODE_NON_VERIFIABLE"), ("9B01009000", "CODE_BLOQUE")],
)
def test_le_code_n_est_pas_envoye_a_une_carte_qui_ne_compte_pas(reponse: str, code: str) -> None:
    session = SessionEcrite("9000", reponse)
    with pytest.raises(ErreurConnue) as refus:
        lecture.verifier_code(session, "1234")
    assert refus.value.code == code
    assert not any(envoi.startswith("0020") for envoi in session.recus)


@pytest.mark.parametrize(
    ("reponse", "attendu"),
    [
        ("700CBF810108A0069A01039B0102" + "9000", 2),
        ("6A88", None),
        ("4D009000", None),
        ("7003AABBCC9000", None),  # not TLV inside
        ("7F9000", None),
        ("9B020101" + "9000", None),  # a counter of two bytes
        ("9B01FF9000", None),  # 255 tries: not that counter
    ],
)
def test_essais_restants_sans_rien_presenter(reponse: str, attendu: int | None) -> None:
    session = SessionEcrite("9000", reponse)
    assert lecture.essais_restants(session) == attendu
    assert [envoi[:4] for envoi in session.recus] == ["00A4", "00CB"]


@pytest.mark.parametrize(("reponse", "attendu"), [("9B01029000", 2), ("9000", None), ("6700", None)])
def test_essais_restants_d_une_carte_qui_parle_t1(reponse: str, attendu: int | None) -> None:
    """Nothing came although all went well: the same with an expected length, and still no VERIFY."""
    session = SessionEcrite("9000", "9000", reponse)
    assert lecture.essais_restants(session) == attendu
    assert session.recus[1:] == ["00CB3FFF0A4D087006BF810102A080", "00CB3FFF0A4D087006BF810102A08000"]
