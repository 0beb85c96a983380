"""Dated periods kept with an article: which one holds on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any


def en_vigueur(periodes: Sequence[Mapping[str, Any]], jour: date) -> Mapping[str, Any] | None:
    """The period that holds on `jour`, None when there is none. They are in order and do not overlap."""
    voulu = jour.isoformat()
    for periode in reversed(periodes):
        if periode["debut"] <= voulu:
            return periode if periode["fin"] is None or voulu <= periode["fin"] else None
    return None


def jour_iso(texte: str | None) -> date | None:
    """The date of a stored ``AAAA-MM-JJ``, None when there is none."""
    return date.fromisoformat(texte) if texte else None
