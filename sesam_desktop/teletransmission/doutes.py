"""Mails of which nobody knows whether a server had taken them: to be asked before what they carry goes another way."""

from __future__ import annotations

from collections.abc import Iterable

from sesam_desktop.base.modeles import Lot, Tentative

from .depot import LotConnu
from .depot_corbeille import INCERTAIN, INTERROMPU


def envoi_douteux(lots: Iterable[LotConnu]) -> str:
    """When their mails may have got through without an answer: ISO 8601 UTC of the last such try, "" for none."""
    porteurs = Lot.select(Lot.message).where(Lot.id.in_([lot.id for lot in lots]))
    doutes = Tentative.message.in_(porteurs) & Tentative.resultat.in_((INCERTAIN, INTERROMPU))
    return Tentative.select(Tentative.instant).where(doutes).order_by(Tentative.id.desc()).scalar() or ""
