"""Return codes: every published row has a sentence, and only two may be sent again by the program."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs.galss import codes
from sesam_desktop.noyau.erreurs import ErreurConnue

# Typed from the published tables: GALSS client and configuration, traces, SSV, tables, SGD.
PUBLIES = [
    *(0, 1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000),
    *range(0x8001, 0x8015),
    *(0xD200, 0xD201, 0xF001, 0xF003, 0xF004, 0xF011, 0xF014, 0xF015, 0xF023, 0xF026, 0xF0F0, 0xF0FF, 0xF100, 0xF101),
    *(0xF600, *range(0xF610, 0xF670), 0xF670, 0xF680, 0xF6F1, 0xF6F2),
    *(0xF800, 0xF801, 0xF802, 0xF804, 0xF805, 0xF806, 0xF807, 0xF809, 0xF80A, 0xF80B),
]


def test_tous_les_codes_publies_et_eux_seuls() -> None:
    connus = [code for code in range(0x10000) if codes.chercher(code)]
    assert connus == sorted(PUBLIES)
    for rangee in codes.tous():
        assert rangee.message.endswith(".") and (not rangee.action or rangee.action.endswith("."))
        assert rangee.source and rangee.certitude == "S"
    bornes = [(rangee.code, rangee.fin) for rangee in codes.tous()]
    assert all(fin >= code for code, fin in bornes)
    assert all(fin < suivant for (_, fin), (suivant, _) in pairwise(bornes))


def test_seuls_0200_et_0800_se_rejouent() -> None:
    assert [code for code in PUBLIES if codes.a_rejouer(code)] == [0x0200, 0x0800]
    assert not codes.a_rejouer(0xF003)
    assert not codes.a_rejouer(0x1234)


def test_erreur() -> None:
    erreur = codes.erreur(0xF003, "SSV_LireCartePS")
    assert (erreur.code, erreur.ou) == ("SSV_F003", "SSV_LireCartePS")
    assert erreur.message == "Le code porteur est erroné."
    assert "trois erreurs" in erreur.action
    assert codes.erreur(4).code == "GALSS_0004"
    assert codes.erreur(0x8001).code == "GALSS_8001"
    assert codes.erreur(0xD200).code == "SSV_D200"


def test_rang_dans_la_plage() -> None:
    assert codes.message(0xF610) == "Le fichier de tables n° 0 est illisible."
    assert codes.message(0xF62F) == "La version du fichier de tables n° 15 est incompatible."
    assert codes.phrase(0x800C) == codes.phrase(0x800B)


@given(st.integers(0, 0xFFFF))
def test_une_phrase_pour_tout_code(code: int) -> None:
    assert codes.erreur(code).phrase() == codes.phrase(code)
    assert "{" not in codes.phrase(code)


def test_inconnu() -> None:
    assert codes.message(0xFF21) == "Le composant a répondu par un code non documenté (FF21)."
    assert "support" in codes.phrase(0xFF21)


def test_numero() -> None:
    assert [codes.numero(texte) for texte in ("F023", "0xf023", "0")] == [0xF023, 0xF023, 0]
    for texte in ("", "G", "10000", "-1", "F 0", "F_23", "٣", "0x"):
        with pytest.raises(ErreurConnue) as refus:
            codes.numero(texte)
        assert refus.value.code == "CODE_RETOUR_INVALIDE"
