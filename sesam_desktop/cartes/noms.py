"""Names compared as people mean them: cards of different ages write accents, hyphens and case differently."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})


def comparable(nom: str) -> str:
    """Upper case, no accent, one space for any run of other signs: ``Zoé-Anne d'Arc`` → ``ZOE ANNE D ARC``."""
    decompose = unicodedata.normalize("NFKD", nom.translate(_LIGATURES))
    simple = "".join(c for c in decompose if not unicodedata.combining(c))
    return re.sub(r"[^A-Z0-9]+", " ", simple.upper()).strip()
