"""Return codes of GALSS, SSV and SGD (u16), as French sentences. The codes themselves are data: `codes_retour.csv`."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache

from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.noyau.ressources import ressource

_NUMERO = re.compile(r"(?i)(?:0x)?[0-9a-f]{1,4}", re.ASCII)
_PREMIER_SSV = 0xD000  # below: GALSS; from there on: traces, SSV and SGD


@dataclass(frozen=True, slots=True)
class CodeRetour:
    """One row: `code` to `fin`, whose sentence may name the rank in the range as ``{rang}``."""

    code: int
    fin: int
    message: str
    action: str
    rejouable: bool
    source: str
    certitude: str


@lru_cache(maxsize=1)
def tous() -> tuple[CodeRetour, ...]:
    """Every row, by code."""
    with ressource("lecteurs", "codes_retour.csv").open(encoding="utf-8", newline="") as flux:
        return tuple(_rangee(rangee) for rangee in csv.DictReader(flux, delimiter=";"))


def _rangee(rangee: dict[str, str]) -> CodeRetour:
    return CodeRetour(
        int(rangee["code"], 16),
        int(rangee["fin"] or rangee["code"], 16),
        rangee["message"],
        rangee["action"],
        rangee["rejouable"] == "1",
        rangee["source"],
        rangee["certitude"],
    )


def chercher(code: int) -> CodeRetour | None:
    """The row of this code, None when nobody documented it."""
    return next((connu for connu in tous() if connu.code <= code <= connu.fin), None)


def message(code: int) -> str:
    """What happened."""
    connu = chercher(code)
    if connu is None:
        return f"Le composant a répondu par un code non documenté ({code:04X})."
    return connu.message.replace("{rang}", str(code - connu.code))


def action(code: int) -> str:
    """What to do."""
    connu = chercher(code)
    return connu.action if connu else "Notez ce code et communiquez-le à votre support."


def phrase(code: int) -> str:
    """What happened and what to do."""
    return f"{message(code)} {action(code)}".strip()


def nom(code: int) -> str:
    """The stable identifier of our errors: ``GALSS_0004``, ``SSV_F003``."""
    return f"{'GALSS' if code < _PREMIER_SSV else 'SSV'}_{code:04X}"


def erreur(code: int, ou: str = "") -> ErreurConnue:
    """The refusal that this code stands for."""
    return ErreurConnue(message(code), code=nom(code), action=action(code), ou=ou)


def a_rejouer(code: int) -> bool:
    """True when the same call may be sent again by the program: a transmission hiccup, a resource just taken."""
    connu = chercher(code)
    return connu is not None and connu.rejouable


def numero(texte: str) -> int:
    """A code as logs print it (``F023``, ``0xF023``). Raises CODE_RETOUR_INVALIDE."""
    if not _NUMERO.fullmatch(texte):
        raise EntreeInvalide(
            "Un code de retour s'écrit en hexadécimal, de 0000 à FFFF.", code="CODE_RETOUR_INVALIDE", ou=texte
        )
    return int(texte, 16)
