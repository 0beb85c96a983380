"""Rows of the lots whose life is not over, for the board of Télétransmission."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sesam_desktop.base.modeles import Courrier, Document, Lot, LotDocument, Message, Piece

OUVERTS = ("constitue", "transmis")


@dataclass(frozen=True, slots=True)
class LotSuivi:
    """A lot and the mail that carries it. Instants are ISO 8601 UTC, "" when not yet.

    `fonds`: régime, organisme and centre, or the insurer of a DRE.
    """

    lot: int
    genre: str
    fonds: str
    adresse: str
    numero: str
    date: str
    etat: str
    nombre: int
    total_centimes: int
    amo_centimes: int
    message_id: str
    etat_message: str
    derniere_erreur: str
    cree_le: str
    remis_le: str
    verdict: str


def lots_a_suivre() -> list[LotSuivi]:
    """Lots not answered yet, and refused lots of which an invoice or a piece still waits for somebody."""
    requete: Any = (
        Lot.select(
            Lot.id, Lot.genre, Lot.regime, Lot.organisme, Lot.centre_informatique, Lot.amc, Message.destinataire,
            Lot.numero, Lot.date_constitution, Lot.etat, Lot.nombre, Lot.total_centimes, Lot.amo_centimes,
            Message.message_id, Message.etat, Message.derniere_erreur, Message.cree_le, Message.remis_le, Lot.verdict,
        )
        .join(Message)
        .where(Lot.etat.in_(OUVERTS) | Lot.id.in_(_refuses_non_repris()))
        .order_by(Lot.id)
    )
    return [
        LotSuivi(lot, genre, amc or f"{regime} {organisme} {centre}", *reste)
        for lot, genre, regime, organisme, centre, amc, *reste in requete.tuples()
    ]


def compter_par_etat() -> dict[str, dict[str, int]]:
    """How many messages, lots and courriers stand in each state."""
    tables: dict[str, Any] = {"messages": Message, "lots": Lot, "courriers": Courrier}
    return {
        nom: dict(Counter(etat for (etat,) in table.select(table.etat).tuples())) for nom, table in tables.items()
    }


@dataclass(frozen=True, slots=True)
class ChiffresTransmission:
    """Since the beginning of the profile: lots by the answer they had, messages the server took."""

    lots: int
    messages_remis: int
    arl_positifs: int
    arl_negatifs: int


def compter_depuis_le_debut() -> ChiffresTransmission:
    """Counts over the open database."""
    return ChiffresTransmission(
        lots=Lot.select().count(),
        messages_remis=Message.select().where(Message.remis_le != "").count(),
        arl_positifs=Lot.select().where(Lot.etat == "acquitte").count(),
        arl_negatifs=Lot.select().where(Lot.etat == "refuse").count(),
    )


def _refuses_non_repris() -> object:
    """Refused lots of which an invoice was neither sent again nor made again, or a piece neither sent nor given up."""
    factures = LotDocument.select(LotDocument.lot).join(Document).where(Document.etat == "refusee")
    pieces = Piece.select(Piece.lot).where(Piece.etat == "rejetee")
    return Lot.select(Lot.id).where((Lot.etat == "refuse") & (Lot.id.in_(factures) | Lot.id.in_(pieces)))
