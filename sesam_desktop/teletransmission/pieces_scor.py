"""Lots of scanned pieces: they leave after the lots of the invoices they prove. Project format (`flux.scor`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from sesam_desktop.flux import message, scor

from .a_faire import Identite, Moyens, adresser, sceller
from .depot import SCOR, NouveauLot, NouveauMessage, PieceAEnvoyer
from .groupement import CleLot
from .parametres import ParametresLots

PIECES_MAXIMUM = 100
_MARGE_INDEX = 200_000  # what the archive adds to the documents themselves
_ENCODAGE = 2.1  # base64 in its part, then in the envelope: (4/3 × 78/76)² = 1.87, and room for the archive


@dataclass(frozen=True, slots=True)
class LotDePieces:
    """Pieces that go together: same fund, same sender."""

    cle: CleLot
    pieces: tuple[PieceAEnvoyer, ...]

    @property
    def factures(self) -> tuple[str, ...]:
        return tuple(sorted({facture for piece in self.pieces for facture, _ in piece.lots}))

    @property
    def noms(self) -> dict[str, str]:
        return {}

    @property
    def nombre(self) -> int:
        return len(self.pieces)

    @property
    def montants(self) -> tuple[int, int]:
        return 0, 0

    def presenter(self, identite: Identite, parametres: ParametresLots) -> None:
        """The check module reads invoices, not pieces."""

    def parts(self) -> tuple[LotDePieces, ...]:
        """Two halves."""
        milieu = len(self.pieces) // 2
        return tuple(replace(self, pieces=p) for p in (self.pieces[:milieu], self.pieces[milieu:])) if milieu else ()

    def sans(self, factures: Collection[str]) -> LotDePieces | None:
        """Without the pieces of these invoices."""
        gardees = tuple(p for p in self.pieces if not any(facture in factures for facture, _ in p.lots))
        return replace(self, pieces=gardees) if gardees else None

    def composer(self, identite: Identite, moyens: Moyens) -> NouveauLot:
        """The archive in its mail."""
        cle, jour = self.cle, identite.jour
        pieces = tuple(_piece(p) for p in self.pieces)
        contenu = scor.composer(
            scor.LotScor(cle.emetteur, cle.regime, cle.organisme, identite.numero, jour, pieces)
        )
        return NouveauLot(
            genre=SCOR,
            regime=cle.regime,
            organisme=cle.organisme,
            centre_informatique=cle.centre_informatique,
            numero=identite.numero,
            date=jour.isoformat(),
            identification=identite.fichier(cle),
            contenu=contenu,
            documents=(),
            pieces=tuple(p.id for p in self.pieces),
            total_centimes=0,
            amo_centimes=0,
            message=self._message(contenu, identite, moyens),
        )

    def _message(self, contenu: bytes, identite: Identite, moyens: Moyens) -> NouveauMessage:
        adressage = adresser(self.cle, self.nombre, identite, moyens.parametres)
        mime = message.composer(SCOR, contenu, adressage, test=moyens.parametres.type_flux != "R")
        return NouveauMessage(adressage.message_id, self.cle.boite, self.cle.adresse, sceller(mime, moyens))


def grouper(pieces: Iterable[tuple[CleLot, PieceAEnvoyer]], courriel_maximum: int = 0) -> list[LotDePieces]:
    """Cut into lots within the size of a SCOR lot, and of a mail of `courriel_maximum` bytes when there is a limit.

    A piece too big to be sent stays alone, so as to stop no other.
    """
    place = min(scor.TAILLE_MAX_LOT - _MARGE_INDEX, int(courriel_maximum / _ENCODAGE) or scor.TAILLE_MAX_LOT)
    ouverts: dict[CleLot, list[PieceAEnvoyer]] = {}
    lots: list[LotDePieces] = []
    for cle, piece in pieces:
        if len(piece.contenu) > scor.TAILLE_MAX_PIECE:
            lots.append(LotDePieces(cle, (piece,)))
            continue
        ouvert = ouverts.setdefault(cle, [])
        if ouvert and _deborde(ouvert, piece, place):
            lots.append(LotDePieces(cle, tuple(ouvert)))
            ouvert.clear()
        ouvert.append(piece)
    return lots + [LotDePieces(cle, tuple(ouvert)) for cle, ouvert in ouverts.items()]


def _deborde(ouvert: list[PieceAEnvoyer], piece: PieceAEnvoyer, place: int) -> bool:
    taille = sum(len(p.contenu) for p in (*ouvert, piece))
    return len(ouvert) >= PIECES_MAXIMUM or taille > place


def _piece(piece: PieceAEnvoyer) -> scor.Piece:
    liees = tuple(
        scor.FactureLiee(piece.transmis.get(f, f), lot.numero, date.fromisoformat(lot.date)) for f, lot in piece.lots
    )
    return scor.Piece(piece.genre, liees, piece.pages, piece.contenu)
