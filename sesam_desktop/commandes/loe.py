"""`loe`: opposition lists of Vitale cards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sesam_desktop.noyau.dates import formater, lire_iso
from sesam_desktop.noyau.erreurs import ErreurConnue

from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.droits.tod import VersionTable


@click.group()
def loe() -> None:
    """Listes d'opposition des cartes Vitale."""


@loe.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@passer
def importer(contexte: Contexte, fichier: Path) -> None:
    """Remplace la liste par la liste complète FICHIER."""
    with contexte.poste() as poste:
        _repondre(contexte, poste.referentiels.importer_loe(fichier))


@loe.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@passer
def appliquer(contexte: Contexte, fichier: Path) -> None:
    """Applique l'incrément FICHIER (LOI) à la liste installée."""
    with contexte.poste() as poste:
        _repondre(contexte, poste.referentiels.appliquer_loi(fichier))


@loe.command()
@click.argument("numeros", nargs=-1, required=True, metavar="NUMERO...")
@passer
def verifier(contexte: Contexte, numeros: tuple[str, ...]) -> None:
    """Dit si les cartes de numéro de série NUMERO sont en opposition."""
    with contexte.poste() as poste:
        if poste.droits.oppositions.version() is None:
            raise ErreurConnue(
                "Aucune liste d'opposition n'est installée sur ce poste.",
                code="LISTE_ABSENTE",
                action="Importez-en une par « loe importer ».",
            )
        trouvees = [(numero, poste.droits.oppositions.verifier(numero)) for numero in numeros]
    reponse = [{"numero": n, "oppose": o is not None, "motif": o.motif if o else ""} for n, o in trouvees]
    texte = "\n".join(f"{n} : {o.motif if o else 'pas en opposition'}" for n, o in trouvees)
    contexte.repondre(reponse, texte)


def _repondre(contexte: Contexte, table: VersionTable) -> None:
    reponse = {"version": table.version, "date": table.date, "effectif": table.effectif}
    jour = formater(lire_iso(table.date))
    contexte.repondre(reponse, f"Liste n° {table.version} du {jour} installée : {table.effectif} cartes en opposition.")
