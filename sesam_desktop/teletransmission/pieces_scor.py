"""Lots of scanned pieces: they leave after the lots of the invoices they prove. Project format (`flux.scor`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sesam_desktop.flux import message, scor

from .a_faire import Identite, Moyens, adresser
from .depot import SCOR, NouveauLot, NouveauMessage, PieceAEnvoyer
from .groupement import CleLot

PIECES_MAXIMUM = 100
_MARGE_INDEX = 200_000  # what the archive adds to the documents themselves


@dataclass(frozen=True, slots=True)
class LotDePieces:
    """Pieces that go together: same fund, same sender."""

    cle: CleLot
    pieces: tuple[PieceAEnvoyer, ...]

    @property
    def factures(self) -> tuple[str, ...]:
        return tuple(sorted({facture for piece in self.pieces for facture, _ in piece.lots}))

    @property
    def nombre(self) -> int:
        return len(self.pieces)

    @property
    def montants(self) -> tuple[int, int]:
        return 0, 0

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
        from sesam_desktop.securisation.smime import envelopper

        adressage = adresser(self.cle, self.nombre, identite, moyens.parametres)
        mime = message.composer(SCOR, contenu, adressage, test=moyens.parametres.type_flux != "R")
        octets = envelopper(mime, moyens.certificat.der)
        return NouveauMessage(adressage.message_id, self.cle.boite, self.cle.adresse, octets)


def grouper(pieces: Iterable[tuple[CleLot, PieceAEnvoyer]]) -> list[LotDePieces]:
    """Cut into lots within the size of a SCOR lot. A piece too big to be sent stays alone, so as to stop no other."""
    ouverts: dict[CleLot, list[PieceAEnvoyer]] = {}
    lots: list[LotDePieces] = []
    for cle, piece in pieces:
        if len(piece.contenu) > scor.TAILLE_MAX_PIECE:
            lots.append(LotDePieces(cle, (piece,)))
            continue
        ouvert = ouverts.setdefault(cle, [])
        if ouvert and _deborde(ouvert, piece):
            lots.append(LotDePieces(cle, tuple(ouvert)))
            ouvert.clear()
        ouvert.append(piece)
    return lots + [LotDePieces(cle, tuple(ouvert)) for cle, ouvert in ouverts.items()]


def _deborde(ouvert: list[PieceAEnvoyer], piece: PieceAEnvoyer) -> bool:
    taille = sum(len(p.contenu) for p in (*ouvert, piece))
    return len(ouvert) >= PIECES_MAXIMUM or taille > scor.TAILLE_MAX_LOT - _MARGE_INDEX


def _piece(piece: PieceAEnvoyer) -> scor.Piece:
    liees = tuple(scor.FactureLiee(f, lot.numero, date.fromisoformat(lot.date)) for f, lot in piece.lots)
    return scor.Piece(piece.genre, liees, piece.pages, piece.contenu)
