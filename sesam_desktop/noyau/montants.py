"""Money in integer centimes and rates in hundredths of a percent. Never a float.

`Centimes` and `Taux` are plain ints; the aliases document units in signatures: ``Taux`` 7000 is 70 %.
Rounding is half up on the absolute value, per line (source: GIE functional specification, third decimal >= 5 up).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from .erreurs import EntreeInvalide

Centimes = int
Taux = int

CENT_POUR_CENT: Taux = 10_000
ESPACE_FINE = "\u202f"

_MONTANT = re.compile(r"-?\d{1,3}(?:[ \u00a0\u202f]?\d{3})*(?:[.,]\d{1,2})?", re.ASCII)


def arrondir(numerateur: int, denominateur: int) -> int:
    """Integer nearest to numerateur/denominateur, halves away from zero. `denominateur` must be positive."""
    if denominateur <= 0:
        raise ValueError("denominateur must be positive")
    quotient = (2 * abs(numerateur) + denominateur) // (2 * denominateur)
    return quotient if numerateur >= 0 else -quotient


def appliquer_taux(montant: Centimes, taux: Taux) -> Centimes:
    """Part of `montant` at `taux` (hundredths of a percent), rounded half up to the centime."""
    return arrondir(montant * taux, CENT_POUR_CENT)


def multiplier(montant: Centimes, facteur: Decimal) -> Centimes:
    """`montant` × an exact decimal factor (coefficient, modifier), rounded half up to the centime."""
    if facteur == 1:
        return montant
    numerateur, denominateur = facteur.as_integer_ratio()
    return arrondir(montant * numerateur, denominateur)


@lru_cache(maxsize=4096)
def formater(montant: Centimes, *, unite: str = "") -> str:
    """French writing of an amount: ``123456`` → ``1 234,56`` with a narrow no-break space.

    Remembered: the rules of one invoice write the same few amounts again and again.
    """
    entier, reste = divmod(abs(montant), 100)
    signe = "-" if montant < 0 else ""
    texte = f"{signe}{entier:,}".replace(",", ESPACE_FINE) + f",{reste:02d}"
    return f"{texte}\u00a0{unite}" if unite else texte


def formater_taux(taux: Taux) -> str:
    """``7000`` → ``70 %``, ``6550`` → ``65,5 %``."""
    entier, reste = divmod(taux, 100)
    decimales = f",{reste:02d}".rstrip("0") if reste else ""
    return f"{entier}{decimales}\u00a0%"


def lire_montant(texte: str) -> Centimes:
    """Centimes from what a person or a public file writes: ``1 234,56``, ``12.5``, ``8``.

    Raises EntreeInvalide with the text when it is not an amount with at most two decimals.
    """
    propre = texte.strip().removesuffix("€").strip()
    if not _MONTANT.fullmatch(propre):
        raise EntreeInvalide(f"« {texte} » n'est pas un montant.", action="Écrivez par exemple 12,50.")
    return int(Decimal(re.sub(r"[ \u00a0\u202f]", "", propre).replace(",", ".")) * 100)


def lire_taux(texte: str) -> Taux:
    """Rate from ``65%``, ``65 %`` or ``35,5``: always a percentage, with or without its sign."""
    propre = texte.replace("\u00a0", " ").strip().removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", propre):
        raise EntreeInvalide(f"« {texte} » n'est pas un taux.", action="Écrivez par exemple 65 %.")
    taux = int(Decimal(propre) * 100)
    if taux > CENT_POUR_CENT:
        raise EntreeInvalide(f"Le taux « {texte} » dépasse 100 %.")
    return taux
