"""Pieces leave after the lots of their invoices, in a lot of their own with its own ARL."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from sesam_desktop.base.modeles import Lot, Message, Piece, PieceDocument
from sesam_desktop.factures.facture import Niveau
from sesam_desktop.flux import message, scor
from sesam_desktop.pieces.depot import Pieces
from sesam_desktop.securisation.autorite import creer_certificat
from sesam_desktop.securisation.smime import ouvrir
from sesam_desktop.teletransmission.depot import LotConnu, PieceAEnvoyer
from sesam_desktop.teletransmission.groupement import CleLot
from sesam_desktop.teletransmission.pieces_scor import LotDePieces, grouper
from sesam_desktop.teletransmission.tableau import tableau

from .atelier import Atelier
from .fabrique import PARIS, SARTHE
from .retours_composes import accuse, dernier_lot

PDF = b"%PDF-1.4 ordonnance\n"
CLE = CleLot("01", "721", "721", SARTHE.adresse, "", "721001006", "SCOR", "", boite="SCOR")


def joindre(*factures: str, contenu: bytes = PDF) -> int:
    empreinte = hashlib.sha256(contenu).hexdigest()
    piece = Piece.create(
        genre="ORD", contenu=contenu, empreinte=empreinte, pages=1, dpi=200, etat="prete", cree_le="2026-03-02"
    )
    for facture in factures:
        PieceDocument.create(piece=piece, document=facture)
    return int(piece.id)


def partir(atelier: Atelier) -> None:
    """Every lot made so far is at the fund."""
    Lot.update(etat="transmis").where(Lot.etat == "constitue").execute()
    Message.update(etat="remise").where(Message.etat == "prete").execute()


def genres(atelier: Atelier) -> list[tuple[str, str, int]]:
    return [(lot.genre, lot.numero, lot.nombre) for lot in atelier.preparation.preparer().lots]


def test_la_piece_attend_sa_facture(atelier: Atelier) -> None:
    numero = atelier.signer().facture.numero
    joindre(numero)
    assert genres(atelier) == [("FSE", "001", 1)]
    assert genres(atelier) == []
    partir(atelier)
    assert genres(atelier) == [("SCOR", "001", 1)]
    assert genres(atelier) == []


def test_toutes_ses_factures_doivent_etre_parties(atelier: Atelier) -> None:
    premiere = atelier.signer().facture.numero
    atelier.preparation.preparer()
    partir(atelier)
    joindre(premiere, atelier.signer(niveau=Niveau.DEGRADEE).facture.numero)
    assert genres(atelier) == [("FSE", "002", 1)]
    partir(atelier)
    assert genres(atelier) == [("SCOR", "001", 1)]


def test_pas_de_piece_pour_un_lot_refuse(atelier: Atelier) -> None:
    numero = atelier.signer().facture.numero
    atelier.preparation.preparer()
    joindre(numero)
    Lot.update(etat="refuse").execute()
    assert genres(atelier) == []


def test_contenu_du_lot_et_retours(atelier: Atelier, autorite: Path) -> None:
    numero = atelier.signer().facture.numero
    atelier.preparation.preparer()
    partir(atelier)
    piece = joindre(numero)
    atelier.preparation.preparer()
    lot, ligne = dernier_lot(), Message.select().order_by(Message.id.desc()).get()
    assert (ligne.boite, ligne.destinataire, lot.message_id) == ("SCOR", SARTHE.adresse, ligne.id)
    assert (Piece.get_by_id(piece).etat, Piece.get_by_id(piece).lot_id) == ("prete", lot.id)
    identite = creer_certificat(autorite, SARTHE.adresse, SARTHE.adresse)
    recu = message.lire(ouvrir(bytes(ligne.octets), identite.certificat_der, identite.cle_pem))
    lu = scor.lire(recu.contenu)
    assert (recu.genre, lu.emetteur, lu.lot, lu.organisme) == ("SCOR", "721001006", "001", "721")
    assert [(p.type, p.contenu, [(f.numero, f.lot) for f in p.factures]) for p in lu.pieces] == [
        ("ORD", PDF, [(numero, "001")])
    ]
    atelier.base.chemin.with_name("arl").write_bytes(accuse(lot))
    assert atelier.boite.importer(atelier.base.chemin.with_name("arl")).arl_positifs == 1
    assert Piece.get_by_id(piece).etat == "acquittee"
    assert Lot.get_by_id(1).etat == "transmis"


def test_arl_negatif_rejette_la_piece(atelier: Atelier) -> None:
    numero = atelier.signer().facture.numero
    atelier.preparation.preparer()
    partir(atelier)
    piece = joindre(numero)
    atelier.preparation.preparer()
    atelier.base.chemin.with_name("arl").write_bytes(accuse(dernier_lot(), positif=False))
    assert atelier.boite.importer(atelier.base.chemin.with_name("arl")).arl_negatifs == 1
    assert Piece.get_by_id(piece).etat == "rejetee"
    refuse = dernier_lot()
    assert [fiche.lot for fiche in tableau(atelier.base, atelier.factures).a_traiter] == [refuse.id]
    Pieces(atelier.base, atelier.factures).renvoyer(piece)
    assert tableau(atelier.base, atelier.factures).a_traiter == ()
    assert [lot.genre for lot in atelier.preparation.preparer().lots] == ["SCOR"]
    assert (Piece.get_by_id(piece).lot_id, dernier_lot().id) == (dernier_lot().id, refuse.id + 1)


def test_une_piece_trop_grosse_n_arrete_pas_les_autres(atelier: Atelier) -> None:
    numero = atelier.signer().facture.numero
    atelier.preparation.preparer()
    partir(atelier)
    joindre(numero, contenu=PDF + b"x" * scor.TAILLE_MAX_PIECE)
    joindre(numero)
    bilan = atelier.preparation.preparer()
    assert [(r.facture, r.code) for r in bilan.refus] == [(numero, "PIECE_TROP_GROSSE")]
    assert [(lot.genre, lot.nombre) for lot in bilan.lots] == [("SCOR", 1)]


def piece(rang: int, taille: int = 10) -> PieceAEnvoyer:
    lot = LotConnu(1, "FSE", "001", "2026-03-02", "transmis", ("000000001",))
    return PieceAEnvoyer(rang, "ORD", 1, b"x" * taille, (("000000001", lot),))


def test_lots_coupes_par_nombre_et_par_taille() -> None:
    assert [lot.nombre for lot in grouper((CLE, piece(n)) for n in range(201))] == [100, 100, 1]
    # 16 × 300 ko = 4.8 Mo: what is left of 5 Mo once the index has its place.
    assert [lot.nombre for lot in grouper((CLE, piece(n, 300_000)) for n in range(20))] == [16, 4]


def test_lots_separes_par_caisse() -> None:
    autre = replace(CLE, organisme="751", adresse=PARIS.adresse)
    lots = grouper([(CLE, piece(1)), (autre, piece(2)), (CLE, piece(3))])
    assert {lot.cle.organisme: [p.id for p in lot.pieces] for lot in lots} == {"721": [1, 3], "751": [2]}


def test_montants_et_factures_d_un_lot_de_pieces() -> None:
    lot = LotDePieces(CLE, (piece(1),))
    assert (lot.montants, lot.factures) == ((0, 0), ("000000001",))


@pytest.mark.parametrize("etat", ["emise", "acquittee", "rejetee"])
def test_une_piece_deja_partie_ne_repart_pas(atelier: Atelier, etat: str) -> None:
    numero = atelier.signer().facture.numero
    atelier.preparation.preparer()
    partir(atelier)
    Piece.update(etat=etat).where(Piece.id == joindre(numero)).execute()
    assert genres(atelier) == []
