from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.depot import Factures
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.pieces.depot import Pieces
from tests.factures.exemples import facture_securisee


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


def test_une_piece_inconnue(pieces: Pieces) -> None:
    with pytest.raises(ErreurConnue) as vu:
        pieces.contenu(12)
    assert vu.value.code == "PIECE_INCONNUE"
