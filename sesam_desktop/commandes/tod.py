"""`tod`: table des organismes destinataires."""

from __future__ import annotations

from pathlib import Path

import click

from .contexte import Contexte, passer
from .nombres import compter


@click.group()
def tod() -> None:
    """Table des organismes destinataires."""


@tod.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@passer
def importer(contexte: Contexte, fichier: Path) -> None:
    """Remplace la table par celle du CSV (ou du ZIP) FICHIER."""
    with contexte.poste() as poste:
        table = poste.referentiels.importer_tod(fichier)
    reponse = {"version": table.version, "date": table.date, "effectif": table.effectif}
    contexte.repondre(reponse, f"Version {table.version} installée : {compter(table.effectif, 'ligne')}.")


@tod.command()
@click.argument("regime")
@click.argument("caisse")
@click.argument("centre")
@passer
def chercher(contexte: Contexte, regime: str, caisse: str, centre: str) -> None:
    """Organisme qui traite les factures de REGIME CAISSE CENTRE."""
    with contexte.poste() as poste:
        trouve = poste.droits.tod.chercher(regime, caisse, centre)
    reponse = {
        "organisme_destinataire": trouve.organisme_destinataire,
        "centre_informatique": trouve.centre_informatique,
        "adresse": trouve.adresse,
        "libelle": trouve.libelle,
        "version": trouve.version,
        "hors_table": trouve.hors_table,
        "regle": trouve.regle,
    }
    reserve = f"\nAbsent de la table : {trouve.regle}." if trouve.hors_table else ""
    texte = f"Organisme {trouve.organisme_destinataire}, centre informatique {trouve.centre_informatique}"
    contexte.repondre(reponse, f"{texte} : {trouve.libelle or 'sans libellé'}, {trouve.adresse}{reserve}")
