"""Look-ups over the tables that hold the dated history of their prices (LPP, NABM).

The newest version imported knows the prices of the past better than an older one, whose last price was still open: a
change published since is only in the newest. It answers for every day its history reaches back to; before that, the
version that was in force that day answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from . import periodes
from .articles import ArticleLu, Articles
from .base_referentiels import BaseReferentiels

T = TypeVar("T")
Periode = Mapping[str, Any]


class Historique(Generic[T]):
    """`construire(lu, periode)` makes the value of a day: its period is empty when the table prices nothing then."""

    def __init__(
        self, base: BaseReferentiels, source: str, quoi: str, construire: Callable[[ArticleLu, Periode], T]
    ) -> None:
        self._articles = Articles(base, source, quoi, _tel_quel)
        self._construire = construire

    def un(self, code: str, jour: date) -> T | None:
        """The article of this code on this day."""
        recent = self._articles.un(code, date.max)
        lu = recent if recent and _remonte_a(recent, jour) else self._articles.un(code, jour) or recent
        if lu is None:
            return None
        periode = periodes.en_vigueur(lu.donnees["periodes"], jour) or {}
        tardif = lu.version > jour.isoformat() and not periode
        return self._construire(lu._replace(hors_periode=tardif), periode)

    def chercher(self, mots: str, jour: date, limite: int) -> list[T]:
        """The articles of the newest version that hold every word, as they are on this day."""
        trouves = (self.un(lu.code, jour) for lu in self._articles.chercher(mots, date.max, limite))
        return [valeur for valeur in trouves if valeur is not None]


def _tel_quel(lu: ArticleLu) -> ArticleLu:
    return lu


def _remonte_a(lu: ArticleLu, jour: date) -> bool:
    suite: Sequence[Periode] = lu.donnees["periodes"]
    return bool(suite) and suite[0]["debut"] <= jour.isoformat()
