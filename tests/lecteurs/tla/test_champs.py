"""Typed fields: what is expected, or one refusal that names the tag and never its content."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.lecteurs.tla import champs
from sesam_desktop.lecteurs.tla.champs import Champs
from sesam_desktop.noyau.erreurs import FormatInvalide


def lu(*valeurs: bytes) -> Champs:
    return Champs(Tlv(0xC1, valeur) for valeur in valeurs)


@pytest.mark.parametrize(
    ("valeurs", "acces"),
    [
        ((), lambda c: c.octets(0xC1)),
        ((b"a", b"b"), lambda c: c.octets(0xC1)),
        ((b"abc",), lambda c: c.octets(0xC1, 2)),
        ((b"",), lambda c: c.entier(0xC1)),
        ((bytes(9),), lambda c: c.entier(0xC1)),
        ((b"\x0a",), lambda c: c.entier(0xC1, 9)),
        ((b"\xff\xfe",), lambda c: c.texte(0xC1)),
        ((b"a\nb",), lambda c: c.texte(0xC1)),
        ((b"abc",), lambda c: c.texte(0xC1, "[0-9]*")),
        ((b"x" * 256,), lambda c: c.texte(0xC1)),
        ((b"20260230",), lambda c: c.jour(0xC1)),
        ((b"2026-03-02",), lambda c: c.jour(0xC1)),
        ((b"20260302246000",), lambda c: c.instant(0xC1)),
        ((b"20260302",), lambda c: c.instant(0xC1)),
    ],
)
def test_refus(valeurs: tuple[bytes, ...], acces: Callable[[Champs], object]) -> None:
    with pytest.raises(FormatInvalide) as erreur:
        acces(lu(*valeurs))
    assert (erreur.value.code, erreur.value.zone) == ("TLA_ILLISIBLE", "C1")
    assert "abc" not in erreur.value.phrase()


def test_valeurs() -> None:
    instant = datetime(2026, 3, 2, 9, 30, 5, tzinfo=timezone(timedelta(hours=1)))
    assert champs.instant(0xC1, instant).valeur == b"20260302083005"
    assert lu(b"20260302083005").instant(0xC1) == instant.astimezone(UTC)
    assert champs.jour(0xC1, date(2026, 3, 2)).valeur == b"20260302"
    assert champs.entier(0xC1, 0).valeur == b"\0"
    assert champs.entier(0xC1, 1024).valeur == b"\x04\0"
    assert lu(b"\x04\0").entier(0xC1) == 1024


def test_un_texte_est_nettoye_et_coupe() -> None:
    assert champs.texte(0xC1, "é\n" + "x" * 300).valeur == "é ".encode() + b"x" * 253


def test_des_objets_mal_formes_sont_dits_en_mots_de_terminal() -> None:
    with pytest.raises(FormatInvalide, match="Le terminal a envoyé") as erreur:
        champs.lire_objets(b"\xc1\x05abc")
    assert "carte" not in erreur.value.phrase()
