from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Evenement, Piece
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.depot_dre import Demandes
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.pieces.depot import Pieces
from tests.factures.exemples import facture_securisee
from tests.factures.exemples_dre import demande_amc, demande_securisee


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Base]:
    with Base(tmp_path / "sesam.db") as base:
        yield base


@pytest.fixture
def factures(base: Base) -> Factures:
    factures = Factures(base)
    for numero in ("000000001", "000000002"):
        factures.enregistrer(facture_securisee(numero))
    return factures


@pytest.fixture
def pieces(base: Base, factures: Factures) -> Pieces:
    return Pieces(base, factures)


def test_une_piece_jointe_a_deux_factures(pieces: Pieces, factures: Factures, fichier) -> None:
    piece = pieces.ajouter(["000000001", "000000002"], [fichier()])
    assert (piece.genre, piece.etat, piece.pages, piece.dpi) == ("ORD", "prete", 1, 200)
    assert piece.factures == ("000000001", "000000002")
    assert pieces.contenu(piece.id).startswith(b"%PDF-")
    assert len(pieces.contenu(piece.id)) == piece.taille
    assert pieces.de_facture("000000002") == pieces.lister() == pieces.lister("prete") == [piece]
    assert pieces.lister("emise") == []
    assert factures.historique("000000001")[-1].nom == "piece_jointe"


def test_une_facture_inconnue_ne_laisse_rien(pieces: Pieces, factures: Factures, fichier) -> None:
    with pytest.raises(ErreurConnue) as vu:
        pieces.ajouter(["000000001", "999999999"], [fichier()])
    assert vu.value.code == "FACTURE_INCONNUE"
    assert pieces.lister() == []
    assert factures.historique("000000001")[-1].nom != "piece_jointe"


def test_la_meme_image_deux_fois(pieces: Pieces, fichier) -> None:
    chemin = fichier()
    pieces.ajouter(["000000001"], [chemin])
    with pytest.raises(ErreurConnue) as vu:
        pieces.ajouter(["000000001"], [chemin])
    assert vu.value.code == "PIECE_DEJA_JOINTE"
    assert pieces.ajouter(["000000002"], [chemin]).factures == ("000000002",)


def test_un_type_inconnu_et_une_liste_vide(pieces: Pieces, fichier) -> None:
    with pytest.raises(EntreeInvalide) as vu:
        pieces.ajouter(["000000001"], [fichier()], genre="PHOTO")
    assert vu.value.code == "TYPE_DE_PIECE_INCONNU"
    for factures, chemins in (([], [fichier()]), (["000000001"], [])):
        with pytest.raises(EntreeInvalide) as vu:
            pieces.ajouter(factures, chemins)
        assert vu.value.code == "PIECE_INCOMPLETE"


def test_une_demande_ne_prend_pas_de_piece(base: Base, pieces: Pieces, factures: Factures, fichier) -> None:
    """A scan goes to a fund with an invoice: attached to a DRE it would stop every lot to come."""
    Demandes(base, factures).enregistrer(demande_securisee(demande_amc("000000003", fse="")))
    with pytest.raises(EntreeInvalide) as refus:
        pieces.ajouter(["000000003"], [fichier()])
    assert refus.value.code == "PIECE_POUR_LA_CAISSE"
    assert (pieces.lister(), pieces.a_joindre(1)) == ([], {"000000002"})  # nor does it take the place of an invoice


def test_une_piece_inconnue(pieces: Pieces) -> None:
    with pytest.raises(ErreurConnue) as vu:
        pieces.contenu(12)
    assert vu.value.code == "PIECE_INCONNUE"


def refuser(piece: int) -> None:
    Piece.update(etat="rejetee").where(Piece.id == piece).execute()


def test_une_piece_refusee_repart_telle_quelle(pieces: Pieces, fichier) -> None:
    piece = pieces.ajouter(["000000001"], [fichier()])
    with pytest.raises(ErreurConnue) as vu:
        pieces.renvoyer(piece.id)
    assert vu.value.code == "PIECE_NON_REFUSEE"
    refuser(piece.id)
    pieces.renvoyer(piece.id)
    assert (pieces.lister()[0].etat, Piece.get().lot_id) == ("prete", None)
    assert [e.nom for e in Evenement.select().where(Evenement.document == "")] == ["piece_renvoyee"]


def test_une_piece_classee_laisse_sa_place(pieces: Pieces, fichier) -> None:
    chemin = fichier()
    piece = pieces.ajouter(["000000001"], [chemin])
    assert pieces.a_joindre(10) == {"000000002"}
    refuser(piece.id)
    assert pieces.a_joindre(10) == {"000000002"}
    pieces.classer(piece.id)
    assert pieces.a_joindre(10) == {"000000001", "000000002"}
    assert pieces.ajouter(["000000001"], [chemin]).etat == "prete"
    assert pieces.a_joindre(10) == {"000000002"}


def test_le_meme_scan_apres_un_refus(pieces: Pieces, fichier) -> None:
    chemin = fichier()
    refuser(pieces.ajouter(["000000001"], [chemin]).id)
    assert pieces.ajouter(["000000001"], [chemin]).etat == "prete"


def test_sans_prescription_rien_a_joindre(base: Base, factures: Factures, pieces: Pieces) -> None:
    fs = facture_securisee("000000003")
    sans = replace(fs, facture=replace(fs.facture, demande=replace(fs.facture.demande, prescription=None)))
    factures.enregistrer(sans)
    assert pieces.a_joindre(10) == {"000000001", "000000002"}
    assert pieces.a_joindre(2) == {"000000002"}


def test_une_facture_sur_papier_n_attend_plus_de_piece(pieces: Pieces, factures: Factures, fichier) -> None:
    """The original goes with the sheet: a scan attached now would wait for ever."""
    factures.ajouter_evenement("000000001", "papier")
    assert pieces.a_joindre(10) == {"000000002"}
    with pytest.raises(ErreurConnue) as vu:
        pieces.ajouter(["000000002", "000000001"], [fichier()])
    assert vu.value.code == "FACTURE_SUR_PAPIER"
    assert pieces.lister() == []


@pytest.mark.parametrize("etat", ["prete", "rejetee", "acquittee"])
def test_une_piece_qui_attend_suit_la_facture_refaite(
    base: Base, pieces: Pieces, factures: Factures, fichier, etat: str
) -> None:
    """One that the fund holds stays where it is: it proves what was sent."""
    piece = pieces.ajouter(["000000001", "000000002"], [fichier()])
    Piece.update(etat=etat).execute()
    nouvelle = facture_securisee("000000003")
    factures.enregistrer(replace(nouvelle, facture=replace(nouvelle.facture, remplace="000000001")))
    suivie = etat != "acquittee"
    assert pieces.lister()[0].factures == (("000000002", "000000003") if suivie else ("000000001", "000000002"))
    assert ("000000003" in pieces.a_joindre(10)) is not suivie
    if suivie:
        dernier = factures.historique("000000003")[-1]
        assert (dernier.nom, dernier.donnees) == ("piece_jointe", {"piece": piece.id})
    assert factures.incoherence() is None
