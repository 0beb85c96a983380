"""Test or real: what each card tells of itself, and the two kinds never together (F026)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.cartes.nature import Nature, de_certificat, de_ps, de_vitale, exiger_meme_nature, genre_de_carte
from sesam_desktop.noyau.erreurs import ErreurConnue

VITALE = dict(cartes_de_demonstration())["assure"]
PS = dict(cartes_ps_de_demonstration())["medecin"]


@pytest.mark.parametrize(
    ("type_carte", "attendue"), [("T", Nature.TEST), ("R", Nature.REELLE), ("", Nature.INCONNUE)]
)
def test_vitale(type_carte: str, attendue: Nature) -> None:
    assert de_vitale(replace(VITALE, type=type_carte)) is attendue


@pytest.mark.parametrize(
    ("type_carte", "emetteur", "attendue"),
    [
        ("0", "", Nature.INCONNUE),
        ("80", "", Nature.TEST),
        ("82", "AC REELLE", Nature.TEST),
        ("0", "CN=TEST AC STANDARD,O=ASIP", Nature.TEST),
        ("0", "CN=AC ATTESTATION,O=ANS", Nature.REELLE),  # TEST inside a word is not a test card
        ("?", "", Nature.INCONNUE),
    ],
)
def test_ps(type_carte: str, emetteur: str, attendue: Nature) -> None:
    assert de_ps(replace(PS, type_carte=type_carte), emetteur) is attendue
    if emetteur and type_carte == "0":
        assert de_certificat(emetteur) is attendue


@pytest.mark.parametrize(
    ("code", "genre"), [("0", "0"), ("00", "0"), ("03", "3"), ("80", "0"), ("82", "2"), ("X", "X")]
)
def test_genre_sans_la_categorie(code: str, genre: str) -> None:
    assert genre_de_carte(code) == genre


@pytest.mark.parametrize(("vitale", "ps"), [(Nature.TEST, Nature.REELLE), (Nature.REELLE, Nature.TEST)])
def test_melange_refuse(vitale: Nature, ps: Nature) -> None:
    with pytest.raises(ErreurConnue, match="de test") as refus:
        exiger_meme_nature(vitale, ps)
    assert refus.value.code == "F026"


@pytest.mark.parametrize("une", Nature)
def test_rien_n_est_refuse_a_tort(une: Nature) -> None:
    for vitale, ps in ((une, une), (une, Nature.INCONNUE), (Nature.INCONNUE, une)):
        assert exiger_meme_nature(vitale, ps) is None  # type: ignore[func-returns-value]
