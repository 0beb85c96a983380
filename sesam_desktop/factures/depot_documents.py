"""What every kept document has in common, an invoice or a DRE: its row, its bytes, the events of its birth."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sesam_desktop.base import evenements
from sesam_desktop.base.modeles import ContenuDocument, Document, Piece, PieceDocument
from sesam_desktop.noyau.erreurs import ErreurConnue

from .cycle import DRE, FSE, Etat, naissance
from .facture import Niveau, Signature

_NOMS = {FSE: "La facture", DRE: "La demande à la complémentaire"}
_DE = {FSE: "de la facture", DRE: "de la demande à la complémentaire"}


def ligne_de(numero: str, *colonnes: Any) -> Any:
    """The row of a document of any genre. Raises FACTURE_INCONNUE."""
    return _exiger(Document.select(*colonnes).where(Document.numero == numero).first(), numero, FSE)


def inserer(ligne: Mapping[str, Any], contenu: bytes) -> None:
    """A document of any genre with its bytes, inside the caller's transaction."""
    Document.insert(**ligne).execute()
    ContenuDocument.insert(document=ligne["numero"], octets=contenu).execute()


def contenu_de(numero: str, genre: str) -> bytes:
    """Its bytes as signed. Raises FACTURE_INCONNUE, DOCUMENT_ALTERE."""
    condition = (Document.numero == numero) & (Document.genre == genre)
    ligne = _exiger(Document.select(Document.numero, Document.empreinte).where(condition).first(), numero, genre)
    contenu = ligne.contenu
    if hashlib.sha256(contenu).hexdigest() != ligne.empreinte:
        raise ErreurConnue(
            f"Le contenu {_DE[genre]} {numero} a été modifié depuis sa signature.", code="DOCUMENT_ALTERE",
            action="Restaurez la dernière sauvegarde.",
        )
    return contenu


def exiger_numero_libre(numero: str) -> None:
    """Raise FACTURE_EXISTANTE when any document has this number."""
    if Document.get_or_none(Document.numero == numero):
        raise ErreurConnue(
            f"La facture {numero} existe déjà : une facture signée ne change plus.", code="FACTURE_EXISTANTE",
            action="Une correction est une nouvelle facture, sous un nouveau numéro.",
        )


def vecus(numero: str, niveau: Niveau, signatures: Sequence[Signature]) -> tuple[Etat, ...]:
    """The events of its birth. Raises NIVEAU_INCOHERENT when the signatures are not those of its level."""
    etats = (Etat.COMPOSEE, Etat.TARIFEE, *(Etat(f"signee_{s.porteur}") for s in signatures))
    if etats != naissance(niveau):
        raise ErreurConnue(
            f"Les signatures de la facture {numero} ne sont pas celles de son niveau de sécurisation.",
            code="NIVEAU_INCOHERENT", action="Sécurisez de nouveau la facture.",
        )
    return etats


def naitre(
    numero: str, niveau: Niveau, signatures: Sequence[Signature], empreinte: str, composee_le: datetime
) -> None:
    """Append the events of its birth, inside the caller's transaction."""
    instants = {f"signee_{s.porteur}": s.signe_le for s in signatures}
    for nom in vecus(numero, niveau, signatures):
        donnees = {"document": empreinte} if nom is Etat.COMPOSEE else {}
        evenements.ajouter(numero, nom, donnees, instants.get(nom, composee_le))


def confier_pieces(ancien: str, nouveau: str) -> list[int]:
    """Pieces that wait for a document now replaced: they would wait for ever, and go with the new one. Answers them.

    Inside the caller's transaction.
    """
    attend = ((Piece.etat == "prete") & Piece.lot.is_null()) | (Piece.etat == "rejetee")
    joints: Any = PieceDocument.select(PieceDocument.piece).join(Piece)
    pieces = [piece for (piece,) in joints.where(attend & (PieceDocument.document == ancien)).tuples()]
    voulus = (PieceDocument.document == ancien) & PieceDocument.piece.in_(pieces)
    PieceDocument.update(document=nouveau).where(voulus).execute()
    return pieces


def _exiger(ligne: Any, numero: str, genre: str) -> Any:
    if ligne is None:
        raise ErreurConnue(
            f"{_NOMS[genre]} {numero} n'existe pas sur ce poste.", code="FACTURE_INCONNUE",
            action="Vérifiez le numéro dans la liste des factures.",
        )
    return ligne
