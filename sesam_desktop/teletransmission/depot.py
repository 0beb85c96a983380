"""Rows of the sending side: documents waiting for a lot, and lots with the message that carries each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import (
    ContenuLot,
    ContenuMessage,
    Document,
    Lot,
    LotDocument,
    Message,
    Piece,
    PieceDocument,
)
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.noyau.erreurs import ErreurConnue

if TYPE_CHECKING:
    from .controle import Presente

FSE, DRE, SCOR = "FSE", "DRE", "SCOR"   # what a lot holds
RSV, OCT = "RSV", "OCT"                 # mailboxes, with SCOR
# Documents whose last lot has not left, or was given back by a mail server after it had taken it.
PAS_PARTIS = (
    "(SELECT ld.document_id FROM lot l JOIN lot_document ld ON ld.lot_id = l.id WHERE l.etat = 'constitue'"
    " AND NOT EXISTS (SELECT 1 FROM lot_document suivant"
    " WHERE suivant.document_id = ld.document_id AND suivant.lot_id > l.id))"
)
LEGERES = (Lot.id, Lot.genre, Lot.numero, Lot.date_constitution, Lot.etat)  # a lot without its file


@dataclass(frozen=True, slots=True)
class NouveauMessage:
    """A message to leave with its lot. `octets` and `message_id` never change afterwards."""

    message_id: str
    boite: str
    destinataire: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class NouveauLot:
    """A lot ready to be kept: its identity, what it holds, the message that carries it."""

    genre: str
    regime: str
    organisme: str
    centre_informatique: str
    numero: str
    date: str                      # ISO
    identification: str
    contenu: bytes
    documents: tuple[str, ...]     # invoice numbers, in the file's order (empty for SCOR)
    pieces: tuple[int, ...]
    total_centimes: int
    amo_centimes: int
    message: NouveauMessage
    amc: str = ""                  # DRE: number of the insurer or OCT
    verdict: str = ""              # of the check module
    remarques: str = "[]"          # JSON
    presente: Presente | None = None  # to the check module, before it is kept


@dataclass(frozen=True, slots=True)
class LotConnu:
    """A lot as kept, with the invoices it holds."""

    id: int
    genre: str
    numero: str
    date: str
    etat: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PieceAEnvoyer:
    """A piece ready to leave, with each invoice it proves and the lot that invoice left in."""

    id: int
    genre: str
    pages: int
    contenu: bytes
    lots: tuple[tuple[str, LotConnu], ...]
    transmis: Mapping[str, str] = field(default_factory=dict)  # number on the wire of an invoice that has another


class Lots:
    """Lots and what they are made of."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def a_mettre_en_lot(self, etats: Iterable[str], genre: str = FSE) -> list[str]:
        """Numbers of the documents of this genre in one of these states, oldest first."""
        voulus = (Document.genre == genre) & Document.etat.in_(list(etats))
        requete = Document.select(Document.numero).where(voulus)
        return [d.numero for d in requete.order_by(Document.cree_le, Document.numero)]

    def numeros_pris(
        self, genre: str, regime: str, organisme: str, date: str, amc: str = ""
    ) -> tuple[str, set[str]]:
        """Last number given for this fund, or this insurer ("" when none), and those already given at `date`."""
        du_couple = (Lot.genre == genre) & (Lot.regime == regime) & (Lot.organisme == organisme) & (Lot.amc == amc)
        dernier = Lot.select(Lot.numero).where(du_couple).order_by(Lot.id.desc()).first()
        du_jour = Lot.select(Lot.numero).where(du_couple & (Lot.date_constitution == date))
        return (dernier.numero if dernier else ""), {lot.numero for lot in du_jour}

    def inserer(self, lot: NouveauLot, instant: str) -> int:
        """Lot, its message and its links, inside the caller's transaction. Raises LOT_CONCURRENT on a number taken."""
        if lot.numero in self.numeros_pris(lot.genre, lot.regime, lot.organisme, lot.date, lot.amc)[1]:
            raise ErreurConnue(
                f"Le numéro de lot {lot.numero} vient d'être donné par une autre préparation.",
                code="LOT_CONCURRENT",
                action="Recommencez la préparation des lots.",
            )
        message = Message.create(**_colonnes(lot.message, Message), etat="prete", cree_le=instant)
        ContenuMessage.insert(message=message, octets=lot.message.octets).execute()
        ligne = Lot.create(
            **_colonnes(lot, Lot) | {"message": message},
            date_constitution=lot.date,
            etat="constitue",
            nombre=len(lot.documents) or len(lot.pieces),
        )
        ContenuLot.insert(lot=ligne, octets=lot.contenu).execute()
        for rang, numero in enumerate(lot.documents, 1):
            LotDocument.create(lot=ligne, document=numero, rang=rang)
        if lot.pieces:
            Piece.update(lot=ligne).where(Piece.id.in_(lot.pieces)).execute()
        return ligne.id

    def est_parti(self, numero: str) -> bool:
        """Whether the last lot of a document has left."""
        lot = _dernier_lot(numero)
        return lot is not None and lot.etat != "constitue"

    def pieces_pretes(self) -> list[PieceAEnvoyer]:
        """Pieces no lot carries yet and whose invoices have all left, oldest first."""
        requete = Piece.select().where((Piece.etat == "prete") & Piece.lot.is_null()).order_by(Piece.id)
        return [prete for piece in requete if (prete := _a_envoyer(piece)) is not None]


def _colonnes(valeur: NouveauLot | NouveauMessage, table: type[Lot] | type[Message]) -> dict[str, Any]:
    """Fields by name: those that are the table's columns."""
    return {champ.name: getattr(valeur, champ.name) for champ in fields(valeur) if champ.name in table._meta.fields}


def marquer_transmis(lot: Lot) -> None:
    """The lot and its pieces have left."""
    Lot.update(etat="transmis").where(Lot.id == lot.id).execute()
    Piece.update(etat="emise").where(Piece.lot == lot.id).execute()


def connu(lot: Lot) -> LotConnu:
    """Value of a row."""
    documents = LotDocument.select(LotDocument.document).where(LotDocument.lot == lot.id).order_by(LotDocument.rang)
    numeros = _premieres(documents)
    return LotConnu(lot.id, lot.genre, lot.numero, lot.date_constitution, lot.etat, numeros)


def _a_envoyer(piece: Piece) -> PieceAEnvoyer | None:
    """None while one of its invoices is not gone, or its lot was refused. One on paper is not waited for."""
    de_la_piece = (PieceDocument.piece == piece.id) & (Document.etat != Etat.PAPIER)
    liens = PieceDocument.select(PieceDocument.document).join(Document).where(de_la_piece)
    lots = [(numero, _dernier_lot(numero)) for numero in sorted(_premieres(liens))]
    partis = tuple((numero, lot) for numero, lot in lots if lot is not None and lot.etat in ("transmis", "acquitte"))
    if not partis or len(partis) < len(lots):
        return None
    flux: Any = Document.select(Document.numero, Document.numero_flux).where(Document.numero.in_([n for n, _ in lots]))
    transmis = {numero: autre for numero, autre in flux.tuples() if autre}
    return PieceAEnvoyer(piece.id, piece.genre, piece.pages, bytes(piece.contenu), partis, transmis)


def _dernier_lot(numero_facture: str) -> LotConnu | None:
    requete = Lot.select(*LEGERES).join(LotDocument).where(LotDocument.document == numero_facture)
    ligne = requete.order_by(Lot.id.desc()).first()
    return connu(ligne) if ligne else None


def _premieres(requete: Any) -> tuple[str, ...]:
    """The first column of a query."""
    return tuple(ligne[0] for ligne in requete.tuples())
