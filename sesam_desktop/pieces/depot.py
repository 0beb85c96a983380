"""Where pieces are kept until they leave: the PDF, and the invoices it goes with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.base.modeles import Piece, PieceDocument
from sesam_desktop.factures.depot import Factures, maintenant
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .document import DocumentPiece, composer

GENRES = {"ORD": "ordonnance", "FSP": "feuille de soins", "CERFA": "autre formulaire"}


@dataclass(frozen=True, slots=True)
class PieceConnue:
    """One piece, without its bytes."""

    id: int
    genre: str
    pages: int
    dpi: int
    taille: int
    etat: str  # prete, emise, acquittee, rejetee
    cree_le: datetime
    factures: tuple[str, ...]


class Pieces:
    """The pieces of the open `base`."""

    def __init__(self, base: Base, factures: Factures) -> None:
        self._base = base
        self._factures = factures

    def ajouter(self, factures: Sequence[str], chemins: Sequence[Path], genre: str = "ORD") -> PieceConnue:
        """Make one PDF of `chemins` and attach it to each of `factures` (one prescription may serve several)."""
        if genre not in GENRES:
            raise EntreeInvalide(
                f"Le type de pièce « {genre} » est inconnu.",
                code="TYPE_DE_PIECE_INCONNU",
                action=f"Types acceptés : {', '.join(GENRES)}.",
            )
        if not factures or not chemins:
            raise EntreeInvalide("Indiquez au moins une facture et une image.", code="PIECE_INCOMPLETE")
        return self._enregistrer(tuple(dict.fromkeys(factures)), composer(chemins), genre)

    def _enregistrer(self, factures: Sequence[str], document: DocumentPiece, genre: str) -> PieceConnue:
        with self._base.transaction():
            self._exiger_nouvelle(document, factures)
            piece = Piece.create(
                genre=genre,
                contenu=document.pdf,
                empreinte=document.empreinte,
                pages=document.pages,
                dpi=document.dpi,
                etat="prete",
                cree_le=ecrire_instant(maintenant()),
            )
            for numero in factures:
                self._factures.ajouter_evenement(
                    numero, "piece_jointe", {"piece": piece.id, "empreinte": document.empreinte}
                )
                PieceDocument.create(piece=piece, document=numero)
            return _connue(piece)

    def _exiger_nouvelle(self, document: DocumentPiece, factures: Sequence[str]) -> None:
        """The same scan attached twice would be sent twice."""
        deja = (
            PieceDocument.select(PieceDocument.document)
            .join(Piece)
            .where((Piece.empreinte == document.empreinte) & PieceDocument.document.in_(list(factures)))
            .scalar()
        )
        if deja:
            raise ErreurConnue(f"Cette pièce est déjà jointe à la facture {deja}.", code="PIECE_DEJA_JOINTE")

    def de_facture(self, numero: str) -> list[PieceConnue]:
        """Pieces attached to one invoice, oldest first."""
        requete = Piece.select().join(PieceDocument).where(PieceDocument.document == numero).order_by(Piece.id)
        return [_connue(piece) for piece in requete]

    def lister(self, etat: str = "") -> list[PieceConnue]:
        """Every piece, or those in one state, newest first."""
        requete = Piece.select().order_by(Piece.id.desc())
        return [_connue(piece) for piece in (requete.where(Piece.etat == etat) if etat else requete)]

    def contenu(self, identifiant: int) -> bytes:
        """The PDF of one piece. Raises PIECE_INCONNUE."""
        piece = Piece.get_or_none(Piece.id == identifiant)
        if piece is None:
            raise ErreurConnue(f"La pièce {identifiant} n'existe pas sur ce poste.", code="PIECE_INCONNUE")
        return bytes(piece.contenu)


def _connue(piece: Any) -> PieceConnue:
    liens: Iterable[Any] = PieceDocument.select().where(PieceDocument.piece == piece.id)
    return PieceConnue(
        piece.id,
        piece.genre,
        piece.pages,
        piece.dpi,
        len(piece.contenu),
        piece.etat,
        datetime.fromisoformat(piece.cree_le),
        tuple(sorted(lien.document_id for lien in liens)),
    )
