"""Figures of the transmission since the beginning of the profile, read back from the rows."""

from __future__ import annotations

from dataclasses import dataclass

from sesam_desktop.base.modeles import Lot, Message


@dataclass(frozen=True, slots=True)
class ChiffresTransmission:
    """Lots by the answer they had; messages the server took."""

    lots: int
    messages_remis: int
    arl_positifs: int
    arl_negatifs: int


def compter() -> ChiffresTransmission:
    """Counts over the open database."""
    return ChiffresTransmission(
        lots=Lot.select().count(),
        messages_remis=Message.select().where(Message.remis_le != "").count(),
        arl_positifs=Lot.select().where(Lot.etat == "acquitte").count(),
        arl_negatifs=Lot.select().where(Lot.etat == "refuse").count(),
    )
