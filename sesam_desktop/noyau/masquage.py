"""One function that takes secrets out of any text before it is written: NIR, PIN, RPPS, base64 runs, card names.

Used by the log formatter, crash reports, diagnostics and tests. Names and PIN values that the program knows
(last card read, code typed) are declared with `retenir` and cut out wherever they appear.
"""

from __future__ import annotations

import re

_BASE64 = re.compile(r"[A-Za-z0-9+/=_-]{80,}")
_NIR = re.compile(
    r"(?<![0-9A-Za-z])[1-8](?:[ .]?[0-9]){4}[ .]?(?:[0-9]{2}|2[ABab])(?:[ .]?[0-9]){6}(?:[ .]?[0-9]{2})?(?![0-9A-Za-z])"
)
_ONZE_CHIFFRES = re.compile(r"(?<![0-9])[0-9]{11}(?![0-9])")
_NEUF_CHIFFRES = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")
_CODE = re.compile(r"(?i)\b(pin|code[ _-]?(?:porteur|cps|ps)?|mot de passe|password|passwd)(\s*[:=]\s*)\S+")

_connus: set[str] = set()


def retenir(*valeurs: str) -> None:
    """Declare values (names, codes) to be cut from everything written from now on. Short values are ignored."""
    _connus.update(v for v in (v.strip() for v in valeurs) if len(v) >= 3)


def oublier() -> None:
    """Forget every declared value (tests, end of a session)."""
    _connus.clear()


def masquer(texte: str) -> str:
    """`texte` without anything personal or secret. Idempotent; never raises."""
    texte = _BASE64.sub("[base64]", texte)
    texte = _CODE.sub(r"\1\2[code]", texte)
    texte = _NIR.sub("[NIR]", texte)
    texte = _ONZE_CHIFFRES.sub("[RPPS]", texte)
    texte = _NEUF_CHIFFRES.sub("[numéro]", texte)
    for valeur in sorted(_connus, key=len, reverse=True):
        texte = re.sub(re.escape(valeur), "[nom]", texte, flags=re.IGNORECASE)
    return texte
