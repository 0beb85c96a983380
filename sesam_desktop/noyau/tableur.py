"""What every text owes to the spreadsheet that will open it."""

from __future__ import annotations

import re

_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOMBRE = re.compile(r"-[0-9][0-9 \u00a0\u202f]*(,[0-9]+)?([ \u00a0\u202f]?[€%])?")


def sans_formule(texte: str) -> str:
    """`texte` that stays one: an apostrophe before what would be taken for a formula. A negative number is none."""
    return f"'{texte}" if texte.startswith(_FORMULE) and not _NOMBRE.fullmatch(texte) else texte
