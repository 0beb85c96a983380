"""Rows of the invoices that have not left: what their deadline depends on, without opening each document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import SQL, fn

from sesam_desktop.base.modeles import ContenuDocument, Document, Lot, LotDocument
from sesam_desktop.factures.cycle import A_METTRE_EN_LOT, Etat

from .depot import FSE, PAS_PARTIS

PAS_ENCORE_PARTIES = (*A_METTRE_EN_LOT, Etat.EN_LOT, Etat.REFUSEE)  # a refused lot is as if it had not left


@dataclass(frozen=True, slots=True)
class AttenteEnvoi:
    """An invoice that has not left. `tiers_payant`: the patient did not pay it all."""

    facture: str
    completee_le: date
    tiers_payant: bool


def attentes(numeros: Iterable[str] | None = None) -> list[AttenteEnvoi]:
    """Those of the whole workstation, or of `numeros` whatever their state."""
    rendues = (Document.etat == Etat.TRANSMISE) & Document.numero.in_(SQL(PAS_PARTIS))  # by a mail server
    pas_parties = Document.etat.in_(PAS_ENCORE_PARTIES) | rendues
    voulues = Document.numero.in_(list(numeros)) if numeros is not None else pas_parties
    requete: Any = Document.select(Document.numero, *_LUES).join(ContenuDocument)
    requete = requete.where((Document.genre == FSE) & voulues)
    return [_attente(*ligne) for ligne in requete.tuples()]


def attentes_par_lot() -> dict[int, list[AttenteEnvoi]]:
    """Invoices of the lots that have not left, by lot."""
    requete: Any = (
        LotDocument.select(LotDocument.lot, Document.numero, *_LUES)
        .join(Document)
        .join(ContenuDocument)
        .switch(LotDocument)
        .join(Lot)
        .where((Lot.etat == "constitue") & (Lot.genre == FSE))
    )
    par_lot: dict[int, list[AttenteEnvoi]] = {}
    for lot, *ligne in requete.tuples():
        par_lot.setdefault(lot, []).append(_attente(*ligne))
    return par_lot


def _champ(chemin: str) -> Any:
    return fn.json_extract(ContenuDocument.octets.cast("TEXT"), f"$.document.facture.{chemin}")


_LUES = (_champ("elaboree_le"), _champ("demande.tiers_payant.amo"), _champ("demande.tiers_payant.amc"))


def _attente(numero: str, elaboree_le: str, amo: int, amc: int) -> AttenteEnvoi:
    return AttenteEnvoi(numero, date.fromisoformat(elaboree_le), bool(amo or amc))
