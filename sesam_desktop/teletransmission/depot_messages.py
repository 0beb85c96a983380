"""The outbox as it is shown: each message with the lots it carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from peewee import fn

from sesam_desktop.base.modeles import ContenuMessage, Lot, Message

from .depot_corbeille import EN_QUARANTAINE
from .reponses import expliquer

LIMITE = 500


@dataclass(frozen=True, slots=True)
class LotPorte:
    """A lot in a message. `fonds`: régime, organisme and centre, or the insurer of a DRE."""

    lot: int
    genre: str
    fonds: str
    numero: str
    date: str
    nombre: int
    total_centimes: int


@dataclass(frozen=True, slots=True)
class MessageVu:
    """One message as listed. Instants are ISO 8601 UTC, "" when not yet; `taille` in bytes.

    `derniere_erreur`: the server's words; `explication`: what they mean and what to do, in French.
    """

    message_id: str
    boite: str
    destinataire: str
    taille: int
    etat: str
    essais: int
    prochain_essai: str
    derniere_erreur: str
    cree_le: str
    remis_le: str
    lots: tuple[LotPorte, ...]

    @property
    def total_centimes(self) -> int:
        """Of all it carries."""
        return sum(lot.total_centimes for lot in self.lots)

    @property
    def explication(self) -> str:
        return expliquer(self.derniere_erreur)


def lister_messages(etats: Collection[str] = (), boites: Collection[str] = ()) -> list[MessageVu]:
    """Latest first, the last `LIMITE`; of these states and mailboxes, all of them when none is named."""
    voulus = (Message.id > 0) & (Message.etat.in_(etats) if etats else Message.etat != "")
    if boites:
        voulus = voulus & Message.boite.in_(boites)
    requete: Any = (
        Message.select(
            Message.id, Message.message_id, Message.boite, Message.destinataire, Message.etat, Message.essais,
            Message.prochain_essai, Message.derniere_erreur, Message.cree_le, Message.remis_le,
            fn.LENGTH(ContenuMessage.octets).alias("taille"),
        )
        .join(ContenuMessage)
        .where(voulus)
        .order_by(Message.id.desc())
        .limit(LIMITE)
    )
    lignes = list(requete.dicts())
    portes = _lots_de([ligne["id"] for ligne in lignes])
    return [MessageVu(lots=tuple(portes[ligne.pop("id")]), **ligne) for ligne in lignes]


def message_connu(message_id: str) -> bool:
    """Whether it is a message of ours."""
    return Message.select().where(Message.message_id == message_id).exists()


def compter_revenus() -> int:
    """Messages in quarantine that a server had taken before it gave them back."""
    return Message.select().where((Message.etat == EN_QUARANTAINE) & (Message.remis_le != "")).count()


def _lots_de(messages: Collection[int]) -> dict[int, list[LotPorte]]:
    requete: Any = Lot.select(
        Lot.message, Lot.id, Lot.genre, Lot.regime, Lot.organisme, Lot.centre_informatique, Lot.amc, Lot.numero,
        Lot.date_constitution, Lot.nombre, Lot.total_centimes,
    ).where(Lot.message.in_(messages))
    portes: dict[int, list[LotPorte]] = defaultdict(list)
    for message, lot, genre, regime, organisme, centre, amc, *reste in requete.order_by(Lot.id).tuples():
        portes[message].append(LotPorte(lot, genre, amc or f"{regime} {organisme} {centre}", *reste))
    return portes
