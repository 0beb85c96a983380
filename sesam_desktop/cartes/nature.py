"""Test card or real card: both kinds never meet on an invoice (SSV error F026).

What is sourced: the type of a Vitale (group 101, field 1) is ``T`` on every test card; the categories of cards (public
dictionary, table G01) are 00 for a real one and 80 for a professional's test card.
PROJECT PROFILE: any other type of Vitale is a real card; a category of 80 or more is added to the kind of card (``80``
a test CPS, ``82`` a test CPE); a certificate whose issuer says « TEST » belongs to a test card. A card that tells
nothing is neither, and refuses nothing.
"""

from __future__ import annotations

import re
from enum import StrEnum

from sesam_desktop.noyau.erreurs import ErreurConnue

from .ps import CartePS
from .vitale import CarteVitale

TYPE_VITALE_TEST = "T"
CATEGORIE_TEST = 80
_TEST = re.compile(r"\bTESTS?\b", re.IGNORECASE)


class Nature(StrEnum):
    """What a card is worth."""

    REELLE = "réelle"
    TEST = "de test"
    INCONNUE = "inconnue"


def de_vitale(carte: CarteVitale) -> Nature:
    """INCONNUE when only the public part of the chip was read: it gives no type."""
    if not carte.type:
        return Nature.INCONNUE
    return Nature.TEST if carte.type == TYPE_VITALE_TEST else Nature.REELLE


def de_ps(carte: CartePS, emetteur_certificat: str = "") -> Nature:
    """By the category of the card, else by who issued its certificate (the issuer's name, as text)."""
    if _nombre(carte.type_carte) >= CATEGORIE_TEST:
        return Nature.TEST
    return de_certificat(emetteur_certificat) if emetteur_certificat else Nature.INCONNUE


def de_certificat(emetteur: str) -> Nature:
    """Of the card this certificate belongs to, by its issuer's name."""
    return Nature.TEST if _TEST.search(emetteur) else Nature.REELLE


def genre_de_carte(type_carte: str) -> str:
    """The kind of card without its category: ``80`` and ``0`` are both a CPS."""
    nombre = _nombre(type_carte)
    return str(nombre % CATEGORIE_TEST) if nombre >= 0 else type_carte


def exiger_meme_nature(vitale: Nature, ps: Nature) -> None:
    """Raises F026 when one card is for tests and the other is real."""
    if {vitale, ps} == {Nature.REELLE, Nature.TEST}:
        raise ErreurConnue(
            f"La carte Vitale est {vitale} et la carte du professionnel est {ps} : elles ne se mélangent pas (F026).",
            code="F026",
            action="Mettez deux cartes réelles, ou deux cartes de test.",
        )


def _nombre(code: str) -> int:
    return int(code) if re.fullmatch(r"[0-9]{1,2}", code) else -1
