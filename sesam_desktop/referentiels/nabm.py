"""Acts of the nomenclature of medical biology (NABM): look-up by code or words, at a date."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ActeBiologie:
    """One 4-digit code with the letter and coefficient in force on the day asked.

    coefficient  None: the act exists and the table prices nothing for it that day
    hors_periode the table is later than the day asked and knows no coefficient that old
    """

    code: str
    libelle: str
    lettre: str
    coefficient: Decimal | None
    entente: bool
    chapitre: str
    version: str
    hors_periode: bool = False
