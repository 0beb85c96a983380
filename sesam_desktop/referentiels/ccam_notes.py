"""What the notes under an act of the CCAM say of the other acts of the invoice. Pure: sentences in, codes out.

The file only has sentences. Two readings, and nothing else:
- « ne peut pas être facturé (codé) avec / en sus de / en association avec … (CODE) », « non associable à », « non
  cumulable avec », « non facturable avec »: the codes are forbidden beside the act;
- « à l'exclusion de … (CODE) », or one of the sentences above with a condition (same limb, same arcade, except…): the
  association is to be looked at by the professional, because the file does not say enough to refuse it.
A code after « à l'exception de » is allowed. A sentence that forbids without naming a code stays a note to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

CODE = re.compile(r"\b[A-Z]{4}[0-9]{3}\b")
_INTERDIT = re.compile(
    r"ne\s+peu(?:t|vent)\s+(?:pas\s+)?être\s+(?:factur|cod)\w*\s+(?:avec|en\s+sus|en\s+association)"
    r"|non\s+(?:associable|cumulable|facturable)s?\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:sur|pour)\s+(?:le|la)\s+même\b|\bsauf\b|\bà\s+l.exception\b", re.IGNORECASE)
_EXCEPTION = re.compile(r"\bà\s+l.exception\b", re.IGNORECASE)
_EXCLUSION = re.compile(r"[aà]\s+l.exclusion\s+d", re.IGNORECASE)
_FIN_DE_PHRASE = re.compile(r"[.;]\s")


class Associations(NamedTuple):
    """Codes the notes name: `interdites` beside the act, `a_verifier` by the professional."""

    interdites: tuple[str, ...]
    a_verifier: tuple[str, ...]


def associations(code: str, notes: Iterable[str]) -> Associations:
    """Read the notes of the act `code`; each code once, in the order of the notes."""
    interdites: dict[str, None] = {}
    a_verifier: dict[str, None] = {}
    for note in notes:
        if _EXCLUSION.match(note.strip()):
            a_verifier |= dict.fromkeys(CODE.findall(note))
            continue
        for phrase in _phrases(note):
            cible = a_verifier if _CONDITION.search(phrase) else interdites
            cible |= dict.fromkeys(_codes_interdits(phrase))
            a_verifier |= dict.fromkeys(_codes_exclus(phrase))
    return Associations(
        tuple(c for c in interdites if c != code), tuple(c for c in a_verifier if c != code and c not in interdites)
    )


def _phrases(note: str) -> Iterator[str]:
    """Sentences of a note. The dashes under « ne peut pas être facturé avec : » belong to it; others stand alone."""
    morceaux: list[str] = []
    liste = False
    for ligne in note.split("\n"):
        if liste and ligne.lstrip().startswith("-"):
            morceaux[-1] += ligne
            continue
        morceaux += _FIN_DE_PHRASE.split(ligne)
        liste = ligne.rstrip().endswith(":") and bool(_INTERDIT.search(ligne))
    return iter(morceaux)


def _codes_interdits(phrase: str) -> list[str]:
    trouve = _INTERDIT.search(phrase)
    if not trouve:
        return []
    suite = _EXCEPTION.split(phrase[trouve.end() :])[0]
    return CODE.findall(suite) or CODE.findall(phrase[: trouve.start()])


def _codes_exclus(phrase: str) -> list[str]:
    trouve = _EXCLUSION.search(phrase)
    return CODE.findall(phrase[trouve.end() :]) if trouve else []
