from __future__ import annotations

from pathlib import Path

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Piece
from sesam_desktop.factures.depot import Factures
from tests.factures.exemples import facture_securisee
from tests.pieces.conftest import page

from .ligne import Ligne


def _page(tmp_path: Path, nom: str = "p.png", **options) -> Path:
    page(**options).save(tmp_path / nom, dpi=(200, 200))
    return tmp_path / nom


def test_verifier(ligne: Ligne, tmp_path: Path) -> None:
    qualite = ligne.json("scor", "verifier", _page(tmp_path))
    assert {k: qualite[k] for k in ("dpi", "largeur", "hauteur", "conforme", "motifs")} == {
        "dpi": 200, "largeur": 1165, "hauteur": 1654, "conforme": True, "motifs": [],
    }
    assert "non conforme. L'image est floue" in ligne("scor", "verifier", _page(tmp_path, flou=4))[1]
    assert "[FICHIER_ABSENT]" in ligne.refus("scor", "verifier", tmp_path / "absent.png")


def test_ajouter(ligne: Ligne, tmp_path: Path) -> None:
    with Base(ligne.profil / "sesam.db") as base:
        Factures(base).enregistrer(facture_securisee())
    image = _page(tmp_path)
    piece = ligne.json("scor", "ajouter", "000000001", image, image)
    assert (piece["factures"], piece["pages"], piece["etat"]) == (["000000001"], 2, "prete")
    assert "jointe à la facture 000000001" in ligne("scor", "ajouter", "000000001", image)[1]
    assert "[PIECE_DEJA_JOINTE]" in ligne.refus("scor", "ajouter", "000000001", image)
    assert "[FACTURE_INCONNUE]" in ligne.refus("scor", "ajouter", "000000007", image)
    assert "[TYPE_DE_PIECE_INCONNU]" in ligne.refus("scor", "ajouter", "000000001", image, "--genre", "X")
    assert "[PIECE_NON_CONFORME]" in ligne.refus("scor", "ajouter", "000000001", _page(tmp_path, flou=4))


def test_une_piece_refusee_se_renvoie_ou_se_classe(ligne: Ligne, tmp_path: Path) -> None:
    with Base(ligne.profil / "sesam.db") as base:
        Factures(base).enregistrer(facture_securisee())
    assert "Aucune pièce" in ligne("scor", "lister")[1]
    piece = ligne.json("scor", "ajouter", "000000001", _page(tmp_path))["piece"]
    assert "[PIECE_NON_REFUSEE]" in ligne.refus("scor", "renvoyer", piece)
    for commande, etat in (("renvoyer", "prete"), ("classer", "classee")):
        with Base(ligne.profil / "sesam.db"):
            Piece.update(etat="rejetee").execute()
        assert ligne.json("scor", commande, piece)["etat"] == etat
        (vue,) = ligne.json("scor", "lister", "--etat", etat)
        assert (vue["piece"], vue["factures"]) == (piece, ["000000001"])
    assert "[PIECE_INCONNUE]" in ligne.refus("scor", "classer", 99)
