"""Acts of the nomenclature of medical biology (NABM): look-up by code or words, at a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .articles import ArticleLu
from .base_referentiels import BaseReferentiels
from .historique import Historique, Periode
from .periodes import jour_iso

SOURCE = "nabm"


@dataclass(frozen=True, slots=True)
class ActeBiologie:
    """One 4-digit code with the letter and coefficient in force on the day asked.

    coefficient   None: the table prices nothing for this act that day
    entente       the act needs a prior agreement
    hors_periode  the table is later than the day asked, and its history does not reach back to it
    debut, fin    first and last day of the act itself, None where the table gives none
    maximum       how many of it one invoice may hold, 0 when the table sets no limit
    regle         group of acts of which one invoice may hold `maximum_regle` in all; "" : no group
    autres        letters of the other quotations the table gives for the same act
    """

    code: str
    libelle: str
    lettre: str
    coefficient: Decimal | None
    entente: bool
    chapitre: str
    version: str
    hors_periode: bool = False
    debut: date | None = None
    fin: date | None = None
    maximum: int = 0
    regle: str = ""
    maximum_regle: int = 0
    autres: tuple[str, ...] = ()


class Nabm:
    """Dated look-ups. Raises REFERENTIEL_ABSENT when no NABM was imported."""

    def __init__(self, base: BaseReferentiels) -> None:
        self._historique = Historique(base, SOURCE, "NABM", _acte)

    def acte(self, code: str, jour: date) -> ActeBiologie | None:
        """The act of this code, with its quotation in force on `jour`."""
        return self._historique.un(code, jour)

    def chercher(self, mots: str, jour: date, limite: int = 20) -> list[ActeBiologie]:
        """Acts by words or beginning of code, in the order of the file."""
        return self._historique.chercher(mots, jour, limite)


def _acte(lu: ArticleLu, cotation: Periode) -> ActeBiologie:
    d = {**lu.donnees, **cotation}
    return ActeBiologie(
        lu.code, lu.libelle, d.get("lettre", ""), Decimal(d["coefficient"]) if cotation else None,
        d.get("entente", False), d["chapitre"], lu.version, lu.hors_periode,
        jour_iso(lu.donnees["debut"]), jour_iso(lu.donnees["fin"]), d.get("maximum", 0), d.get("regle", ""),
        d.get("maximum_regle", 0), tuple(d.get("autres", ())),
    )  # fmt: skip
