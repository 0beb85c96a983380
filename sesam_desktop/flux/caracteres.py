"""Which characters a wire format carries, and how French text becomes them.

B2 wants capitals without accents or punctuation (blank instead); NOEMIE labels keep common punctuation but never
``@``, which ends an entity. Bytes are read as Latin-1, so that decoding cannot fail: the layouts refuse the rest.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

CODAGE = "latin-1"
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss"})
_MAJUSCULES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CHIFFRES = "0123456789"


def sans_accent(texte: str) -> str:
    """`texte` in capitals, accents and ligatures taken apart."""
    if texte.isascii():
        return texte.upper()
    decompose = unicodedata.normalize("NFKD", texte.translate(_LIGATURES))
    return "".join(c for c in decompose if not unicodedata.combining(c)).upper()


@dataclass(frozen=True, slots=True)
class Jeu:
    """One character set: `lus` is a regex class accepted from others, `ecrits` the characters we send."""

    lus: str
    ecrits: str

    def normaliser(self, texte: str) -> str:
        """What is sent for `texte`: capitals, no accent, each forbidden character a blank."""
        return "".join(c if c in self.ecrits else " " for c in sans_accent(texte))


B2 = Jeu(lus=" -~", ecrits=" " + _CHIFFRES + _MAJUSCULES)
NOEMIE = Jeu(lus=" -~\xa0-\xff", ecrits=" !\"#$%&'()*+,-./:;<=>?_" + _CHIFFRES + _MAJUSCULES)
