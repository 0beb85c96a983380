"""Rows behind a correction: the refused lot of an invoice, whose fault it was, the demand tied to it, contests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sesam_desktop.base import evenements
from sesam_desktop.base.modeles import Document, Evenement, Lot, LotDocument, Message, Piece, PieceDocument
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.flux import b2
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .depot import DRE, LEGERES, LotConnu, connu

REFUSE, QUARANTAINE = "refuse", "en_quarantaine"


@dataclass(frozen=True, slots=True)
class LotRefuse:
    """A lot its fund refused, and for each invoice still to be sent again whether it was the cause."""

    lot: LotConnu
    fautives: tuple[str, ...]
    autres: tuple[str, ...]


def demande_liee(numero: str) -> str:
    """The last demand to an insurer tied to this invoice, "" when none is."""
    liees = Document.select(Document.numero).where((Document.liee == numero) & (Document.genre == DRE))
    return liees.order_by(Document.numero.desc()).scalar() or ""


def fautives_de(numero: str, motifs: Sequence[Mapping[str, Any]]) -> list[str]:
    """For each reason of the ARL of this invoice's last refused lot, the invoice it blames; "" for the lot itself."""
    lot = (
        Lot.select(Lot.id)
        .join(LotDocument)
        .where((LotDocument.document == numero) & (Lot.etat == REFUSE))
        .order_by(Lot.id.desc())
        .first()
    )
    factures = _factures_par_enregistrement(lot) if lot else []
    return [_facture_de(motif.get("ligne"), factures) for motif in motifs]


def lot_refuse(identifiant: int) -> LotRefuse:
    """Raises LOT_INCONNU, LOT_NON_REFUSE."""
    ligne = Lot.select(*LEGERES).where(Lot.id == identifiant).first()
    if ligne is None:
        raise EntreeInvalide("Ce lot n'existe pas sur ce poste.", code="LOT_INCONNU")
    if ligne.etat != REFUSE:
        raise ErreurConnue(
            f"Le lot {ligne.numero} n'a pas été refusé par sa caisse.", code="LOT_NON_REFUSE",
            action="Seul un lot refusé se renvoie ; un message resté en quarantaine se relance.",
        )
    lot = connu(ligne)
    restent = [n for n in lot.documents if _etat(n) == "refusee"]
    fautives = {f for n in restent[:1] for f in fautives_de(n, _motifs_arl(n))}
    return LotRefuse(
        lot, tuple(n for n in restent if n in fautives), tuple(n for n in restent if n not in fautives)
    )


def trouver_lots(numero: str, date: str = "", organisme: str = "") -> list[int]:
    """Refused lots of that number, the latest first; of that date, for that organisme or insurer, when given."""
    conditions = [Lot.numero == numero, Lot.etat == REFUSE]
    if date:
        conditions.append(Lot.date_constitution == date)
    if organisme:
        conditions.append((Lot.organisme == organisme) | (Lot.amc == organisme))
    return [lot.id for lot in Lot.select(Lot.id).where(*conditions).order_by(Lot.id.desc())]


def lots_en_quarantaine(numeros: Iterable[str]) -> list[LotConnu]:
    """Lots that hold one of these invoices and whose mail the server refused for good."""
    requete = (
        Lot.select(*LEGERES)
        .join(LotDocument)
        .switch(Lot)
        .join(Message)
        .where(LotDocument.document.in_(list(numeros)) & (Message.etat == QUARANTAINE) & (Lot.etat == "constitue"))
        .distinct()
    )
    return [connu(lot) for lot in requete]


def abandonner(lot: LotConnu) -> None:
    """The mail of a lot in quarantine will never be sent again. Inside the caller's transaction."""
    porteur = Lot.select(Lot.message).where(Lot.id == lot.id)
    Message.update(etat="refusee").where(Message.id.in_(porteur) & (Message.etat == QUARANTAINE)).execute()
    Lot.update(etat=REFUSE).where(Lot.id == lot.id).execute()


def classer_pieces(numeros: Iterable[str]) -> None:
    """Pieces that only these invoices, or others on paper, wait for: they go with the sheets, none leaves by mail.

    Inside the caller's transaction.
    """
    concernees = PieceDocument.select(PieceDocument.piece).where(PieceDocument.document.in_(list(numeros)))
    attendues = PieceDocument.select(PieceDocument.piece).join(Document).where(Document.etat != Etat.PAPIER)
    a_classer = ((Piece.etat == "prete") & Piece.lot.is_null()) | (Piece.etat == "rejetee")
    choisies = Piece.select(Piece.id).where(a_classer & Piece.id.in_(concernees) & Piece.id.not_in(attendues))
    for piece in [ligne.id for ligne in choisies]:
        Piece.update(etat="classee").where(Piece.id == piece).execute()
        evenements.ajouter("", "piece_classee", {"piece": piece})


def contestees() -> list[str]:
    """Invoices whose rejection was said to be wrong, oldest contest first."""
    requete: Any = Evenement.select(Evenement.document).where(Evenement.nom == "rejet_a_tort").order_by(Evenement.id)
    return list(dict.fromkeys(document for (document,) in requete.tuples()))


def _etat(numero: str) -> str:
    return Document.select(Document.etat).where(Document.numero == numero).scalar()


def _motifs_arl(numero: str) -> list[Mapping[str, Any]]:
    import json

    dernier = (
        Evenement.select(Evenement.donnees)
        .where((Evenement.document == numero) & (Evenement.nom == "refusee"))
        .order_by(Evenement.id.desc())
        .scalar()
    )
    return json.loads(dernier or "{}").get("motifs", [])


def _factures_par_enregistrement(lot: Lot) -> list[str]:
    """For each record of its clear file, the invoice it belongs to, under our number; "" for those of the lot."""
    liens: Any = LotDocument.select(Document.numero, Document.numero_flux).join(Document)
    noms = {flux: numero for numero, flux in liens.where(LotDocument.lot == lot.id).tuples() if flux}
    transmis = (str(e.zones.get("numero_facture", "")) for e in b2.lire(lot.contenu))
    return [noms.get(numero, numero) for numero in transmis]


def _facture_de(rang: Any, factures: Sequence[str]) -> str:
    return factures[rang - 1] if isinstance(rang, int) and 1 <= rang <= len(factures) else ""
