"""`sauvegarder` and `restaurer`: the invoices of this workstation, in one verified file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.base.sauvegardes import Manifeste


@click.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@passer
def sauvegarder(contexte: Contexte, fichier: Path) -> None:
    """Écrit une sauvegarde vérifiée de la base dans FICHIER."""
    from sesam_desktop.base import sauvegardes

    with contexte.poste() as poste:
        manifeste = sauvegardes.sauvegarder(poste.base, fichier)
    contexte.repondre(
        {"fichier": str(fichier), **asdict(manifeste)},
        f"Base sauvegardée dans {fichier}. {_contenu(manifeste)}",
    )


@click.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@passer
def restaurer(contexte: Contexte, fichier: Path) -> None:
    """Remplace la base par celle de la sauvegarde FICHIER, une fois vérifiée."""
    from sesam_desktop.base import sauvegardes
    from sesam_desktop.base.connexion import FICHIER
    from sesam_desktop.poste.environnement import profil_par_defaut
    from sesam_desktop.poste.poste import preparer_profil

    # The workstation is not opened: its database may be the very thing that no longer opens.
    chemin = preparer_profil(contexte.profil or profil_par_defaut()) / FICHIER
    manifeste = sauvegardes.restaurer(fichier, chemin)
    contexte.repondre(
        {"fichier": str(fichier), **asdict(manifeste)},
        f"Base restaurée, l'ancienne est gardée à côté. {_contenu(manifeste)}",
    )


def _contenu(manifeste: Manifeste) -> str:
    return f"Factures : {manifeste.factures} ; événements : {manifeste.evenements}."
