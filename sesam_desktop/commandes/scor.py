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
