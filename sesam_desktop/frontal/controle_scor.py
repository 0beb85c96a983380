"""The judgement of a SCOR lot: archive whole, destinataire right, each document a PDF of an invoice received before."""

from __future__ import annotations

import hashlib

from sesam_desktop.flux import scor
from sesam_desktop.flux.scor import LotScor, Piece
from sesam_desktop.noyau.dates import aammjj
from sesam_desktop.noyau.erreurs import FormatInvalide

from .cles import destinataire_de
from .recus import LotRecu
from .refus import Motif, Refus
from .registre import Registre
from .transport import Recu

_TAILLE_EMETTEUR = 14


def lire(recu: Recu) -> LotScor:
    """The lot, archive and index checked. Raises Refus."""
    try:
        return scor.lire(recu.contenu)
    except FormatInvalide as erreur:
        raise Refus(Motif.ENTETE, erreur.message) from None


def controler(recu: Recu, lot: LotScor, registre: Registre) -> None:
    """Raises Refus at the first fault of a lot that could be read."""
    if destinataire_de(recu.adressage.a) != (lot.regime, lot.organisme):
        raise Refus(Motif.DESTINATAIRE, "Le lot SCOR n'est pas adressé à l'organisme qui le reçoit.")
    if not lot.pieces:
        raise Refus(Motif.ENTETE, "Le lot SCOR ne contient aucune pièce.")
    for rang, piece in enumerate(lot.pieces, start=1):
        _controler_piece(rang, piece, _emetteur(lot), registre)


def identifier(recu: Recu, lot: LotScor) -> LotRecu:
    """What the registre remembers of this lot."""
    return LotRecu(
        genre="SCOR",
        regime=lot.regime,
        organisme=lot.organisme,
        emetteur=_emetteur(lot),
        numero=lot.lot,
        date=aammjj(lot.date),
        empreinte=hashlib.sha256(recu.contenu).hexdigest(),
    )


def _controler_piece(rang: int, piece: Piece, emetteur: str, registre: Registre) -> None:
    if not piece.contenu.startswith(b"%PDF-"):
        raise Refus(Motif.ENTETE, f"La pièce {rang} n'est pas un document PDF.")
    if not piece.factures:
        raise Refus(Motif.ENTETE, f"La pièce {rang} ne se rapporte à aucune facture.")
    for facture in piece.factures:
        if not registre.facture_deja_acceptee(emetteur, [facture.numero]):
            raise Refus(Motif.ENTETE, f"La pièce {rang} se rapporte à une facture qui n'a pas été reçue.")


def _emetteur(lot: LotScor) -> str:
    """Sender as the header of an invoice file writes it."""
    return lot.emetteur.zfill(_TAILLE_EMETTEUR)
