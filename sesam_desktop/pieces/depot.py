"""Where pieces are kept until they leave: the PDF, and the invoices it goes with.

States: ``prete → emise → acquittee | rejetee``. A refused piece is sent again as it is (``prete``), or dismissed
(``classee``): it then counts as absent, and the same scan may be attached again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sesam_desktop.base import evenements
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.base.modeles import Document, Piece, PieceDocument
from sesam_desktop.factures.cycle import DRE, Etat
from sesam_desktop.factures.depot import Factures, maintenant
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .document import DocumentPiece, composer

REFUSEES = ("rejetee", "classee")
# In SQL, because this is counted each time the window refreshes: opening the documents one by one takes ten times more.
_A_JOINDRE = """
SELECT numero FROM (SELECT numero, etat FROM document WHERE genre = 'FSE' ORDER BY numero DESC LIMIT ?) AS d
JOIN contenu_document AS c ON c.document_id = numero
WHERE etat <> 'papier' AND json_extract(CAST(octets AS TEXT), '$.document.facture.demande.prescription') IS NOT NULL
AND NOT EXISTS (
    SELECT 1 FROM piece_document JOIN piece ON piece.id = piece_id WHERE document_id = d.numero AND etat <> 'classee'
)"""

GENRES = {"ORD": "ordonnance", "FSP": "feuille de soins", "CERFA": "autre formulaire"}


@dataclass(frozen=True, slots=True)
class PieceConnue:
    """One piece, without its bytes."""

    id: int
    genre: str
    pages: int
    dpi: int
    taille: int
    etat: str  # prete, emise, acquittee, rejetee, classee
    cree_le: datetime
    factures: tuple[str, ...]


class Pieces:
    """The pieces of the open `base`."""

    def __init__(self, base: Base, factures: Factures) -> None:
        self._base = base
        self._factures = factures

    def ajouter(self, factures: Sequence[str], chemins: Sequence[Path], genre: str = "ORD") -> PieceConnue:
        """Make one PDF of `chemins` and attach it to each of `factures` (one prescription may serve several).

        Raises FACTURE_INCONNUE, PIECE_DEJA_JOINTE, FACTURE_SUR_PAPIER, PIECE_POUR_LA_CAISSE.
        """
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
            _exiger_electroniques(factures)
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
            return _connues(_vues().where(Piece.id == piece.id))[0]

    def _exiger_nouvelle(self, document: DocumentPiece, factures: Sequence[str]) -> None:
        """The same scan attached twice would be sent twice, unless the first was refused."""
        deja = (
            PieceDocument.select(PieceDocument.document)
            .join(Piece)
            .where(
                (Piece.empreinte == document.empreinte)
                & PieceDocument.document.in_(list(factures))
                & Piece.etat.not_in(REFUSEES)
            )
            .scalar()
        )
        if deja:
            raise ErreurConnue(f"Cette pièce est déjà jointe à la facture {deja}.", code="PIECE_DEJA_JOINTE")

    def renvoyer(self, identifiant: int) -> None:
        """Put a refused piece in a lot again, as it is. Raises PIECE_INCONNUE, PIECE_NON_REFUSEE."""
        self._decider(identifiant, "prete", "piece_renvoyee")

    def classer(self, identifiant: int) -> None:
        """Give a refused piece up: another scan takes its place, or none. The same errors."""
        self._decider(identifiant, "classee", "piece_classee")

    def _decider(self, identifiant: int, etat: str, evenement: str) -> None:
        with self._base.transaction():
            piece = self._exiger(identifiant)
            if piece.etat != "rejetee":
                raise ErreurConnue(
                    f"La pièce {identifiant} n'a pas été refusée : il n'y a rien à décider.", code="PIECE_NON_REFUSEE"
                )
            Piece.update(etat=etat, lot=None if etat == "prete" else piece.lot_id).where(Piece.id == piece.id).execute()
            evenements.ajouter("", evenement, {"piece": piece.id})

    def a_joindre(self, limite: int) -> set[str]:
        """Among the `limite` last invoices, those with a prescription and no piece that counts."""
        return {numero for (numero,) in self._base.connexion().execute(_A_JOINDRE, (limite,))}

    def de_facture(self, numero: str) -> list[PieceConnue]:
        """Pieces attached to one invoice, oldest first."""
        return _connues(_vues().join(PieceDocument).where(PieceDocument.document == numero).order_by(Piece.id))

    def lister(self, etat: str = "") -> list[PieceConnue]:
        """Every piece, or those in one state, newest first."""
        requete = _vues().order_by(Piece.id.desc())
        return _connues(requete.where(Piece.etat == etat) if etat else requete)

    def contenu(self, identifiant: int) -> bytes:
        """The PDF of one piece. Raises PIECE_INCONNUE."""
        return bytes(self._exiger(identifiant).contenu)

    def _exiger(self, identifiant: int) -> Any:
        piece = Piece.get_or_none(Piece.id == identifiant)
        if piece is None:
            raise ErreurConnue(f"La pièce {identifiant} n'existe pas sur ce poste.", code="PIECE_INCONNUE")
        return piece


def _exiger_electroniques(factures: Sequence[str]) -> None:
    """A piece goes to the fund by mail, after its invoices; with a sheet on paper it is put in the same envelope."""
    demandes = Document.numero.in_(list(factures)) & (Document.genre == DRE)
    if numero := Document.select(Document.numero).where(demandes).scalar():
        raise EntreeInvalide(
            f"{numero} est une demande à une complémentaire : les pièces vont à la caisse, avec une facture.",
            code="PIECE_POUR_LA_CAISSE", action="Joignez-la à la facture ; gardez-la si la demande n'en a pas.",
        )
    sur_papier = Document.numero.in_(list(factures)) & (Document.etat == Etat.PAPIER)
    if numero := Document.select(Document.numero).where(sur_papier).scalar():
        raise ErreurConnue(
            f"La facture {numero} a été envoyée sur papier.", code="FACTURE_SUR_PAPIER",
            action="Joignez l'original de la pièce à la feuille.",
        )


def _vues() -> Any:
    """Rows without their bytes, which a list has no use for."""
    from peewee import fn

    return Piece.select(
        Piece.id, Piece.genre, Piece.pages, Piece.dpi, fn.LENGTH(Piece.contenu), Piece.etat, Piece.cree_le
    )


def _connues(requete: Any) -> list[PieceConnue]:
    lignes = list(requete.tuples())
    liens: dict[int, list[str]] = {ligne[0]: [] for ligne in lignes}
    les_liens: Any = PieceDocument.select(PieceDocument.piece, PieceDocument.document)
    for piece, numero in les_liens.where(PieceDocument.piece.in_(list(liens))).tuples():
        liens[piece].append(numero)
    return [
        PieceConnue(
            piece, genre, pages, dpi, taille, etat, datetime.fromisoformat(cree_le), tuple(sorted(liens[piece]))
        )
        for piece, genre, pages, dpi, taille, etat, cree_le in lignes
    ]
