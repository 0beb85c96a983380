"""Types of the columns of a dated table: how the text of a cell becomes a value. Raise ValueError with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any


def _entier(texte: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", texte):
        raise ValueError(f"« {texte} » n'est pas un entier")
    return int(texte)


def _taux(texte: str) -> int:
    if (taux := _entier(texte)) > 10_000:
        raise ValueError(f"« {texte} » dépasse 100 %")
    return taux


def _decimal(texte: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", texte):
        raise ValueError(f"« {texte} » n'est pas un nombre décimal")
    return Decimal(texte)


def _booleen(texte: str) -> bool:
    if texte not in ("oui", "non"):
        raise ValueError(f"« {texte} » n'est ni oui ni non")
    return texte == "oui"


def _intervalles(texte: str) -> tuple[tuple[int, int], ...]:
    """``0-2 71-199`` → ((0, 2), (71, 199)); empty means "no condition"."""
    if not re.fullmatch(r"([0-9]+-[0-9]+( |$))*", texte):
        raise ValueError(f"« {texte} » n'est pas une suite d'intervalles")
    return tuple((int(a), int(b)) for a, b in (morceau.split("-") for morceau in texte.split()))


def _liste(texte: str) -> tuple[str, ...]:
    return tuple(texte.split())


def dans(intervalles: Iterable[tuple[int, int]], valeur: int) -> bool:
    """True when one of the intervals of a cell holds `valeur`, bounds included."""
    return any(mini <= valeur <= maxi for mini, maxi in intervalles)


TYPES: dict[str, Callable[[str], Any]] = {
    "texte": str,
    "centimes": _entier,
    "taux": _taux,
    "entier": _entier,
    "decimal": _decimal,
    "booleen": _booleen,
    "intervalles": _intervalles,
    "liste": _liste,
}
