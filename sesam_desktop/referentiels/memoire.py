"""Answers of the tables kept in memory until the next import: a ten-line invoice then costs microseconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Generic, TypeVar

from .base_referentiels import BaseReferentiels, EnVigueur

T = TypeVar("T")


class Memoire(Generic[T]):
    """Asks `chercher(version, *cle)` once for the version in force; at most `taille` answers, which must be immutable.

    en_vigueur  the version that answers at a day; it raises when no table was imported
    """

    def __init__(
        self, base: BaseReferentiels, en_vigueur: Callable[[date], EnVigueur], chercher: Callable[..., T], taille: int
    ) -> None:
        self._base, self._en_vigueur = base, en_vigueur
        self._retenu = lru_cache(maxsize=taille)(lambda _revision, version, cle: chercher(version, *cle))

    def lire(self, jour: date, *cle: Any) -> T:
        """The answer for this key. One that found nothing is asked again when an import ended meanwhile."""
        return self._base.a_jour(lambda: self._retenu(self._base.revision(), self._en_vigueur(jour), cle))
