"""`scor`: scanned pieces attached to invoices."""

from __future__ import annotations

from pathlib import Path

import click

from .contexte import Contexte, passer


@click.group()
def scor() -> None:
    """Pièces numérisées : ordonnances et feuilles de soins."""


@scor.command()
@click.argument("facture")
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...", type=click.Path(path_type=Path))
@click.option("--genre", default="ORD", help="Type de pièce : ORD (ordonnance), FSP ou CERFA.")
@passer
def ajouter(contexte: Contexte, facture: str, images: tuple[Path, ...], genre: str) -> None:
    """Joint les pages IMAGE (PNG, JPEG, TIFF, PDF), en un seul document, à la facture FACTURE."""
    with contexte.poste() as poste:
        piece = poste.pieces.ajouter([facture], images, genre)
    reponse = {
        "piece": piece.id,
        "genre": piece.genre,
        "factures": list(piece.factures),
        "pages": piece.pages,
        "dpi": piece.dpi,
        "taille": piece.taille,
        "etat": piece.etat,
    }
    contexte.repondre(reponse, f"Pièce {piece.id} jointe à la facture {facture} ({piece.taille // 1000} ko).")


@scor.command()
@click.argument("image", type=click.Path(path_type=Path))
@passer
def verifier(contexte: Contexte, image: Path) -> None:
    """Mesure la qualité de IMAGE sans la joindre."""
    from sesam_desktop.pieces.qualite import mesurer

    qualite = mesurer(image)
    reponse = {
        "dpi": qualite.dpi,
        "largeur": qualite.largeur,
        "hauteur": qualite.hauteur,
        "nettete": qualite.nettete,
        "conforme": qualite.conforme,
        "motifs": list(qualite.motifs),
        "pages": qualite.pages,
        "dpi_suppose": qualite.dpi_suppose,
    }
    mesures = f"{qualite.dpi} dpi, {qualite.largeur} × {qualite.hauteur} points, netteté {qualite.nettete}"
    verdict = "conforme" if qualite.conforme else f"non conforme. {' '.join(qualite.motifs)}"
    contexte.repondre(reponse, f"{mesures} : {verdict}")


@scor.command()
@click.option("--etat", default="", help="prete, emise, acquittee, rejetee ou classee.")
@passer
def lister(contexte: Contexte, etat: str) -> None:
    """Liste les pièces jointes, la plus récente en tête."""
    with contexte.poste() as poste:
        pieces = poste.pieces.lister(etat)
    contexte.repondre(
        [{"piece": p.id, "genre": p.genre, "etat": p.etat, "factures": list(p.factures)} for p in pieces],
        lambda: "\n".join(f"{p.id:>6}  {p.genre:<5}  {p.etat:<9}  {', '.join(p.factures)}" for p in pieces)
        or "Aucune pièce.",
    )


@scor.command()
@click.argument("piece", type=int)
@passer
def renvoyer(contexte: Contexte, piece: int) -> None:
    """Remet dans les prochains lots la PIECE refusée par la caisse, telle quelle."""
    with contexte.poste() as poste:
        poste.pieces.renvoyer(piece)
    contexte.repondre({"piece": piece, "etat": "prete"}, f"Pièce {piece} : elle partira avec les prochains lots.")


@scor.command()
@click.argument("piece", type=int)
@passer
def classer(contexte: Contexte, piece: int) -> None:
    """Abandonne la PIECE refusée par la caisse : une autre peut être jointe à ses factures."""
    with contexte.poste() as poste:
        poste.pieces.classer(piece)
    contexte.repondre({"piece": piece, "etat": "classee"}, f"Pièce {piece} classée.")
