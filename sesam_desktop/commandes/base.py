"""`base`: is what this workstation keeps whole?"""

from __future__ import annotations

import click

from sesam_desktop.noyau.erreurs import ErreurConnue

from .contexte import Contexte, passer


@click.group()
def base() -> None:
    """Base de données du poste."""


@base.command()
@passer
def verifier(contexte: Contexte) -> None:
    """Contrôle le fichier, le journal des événements et chaque facture."""
    from sesam_desktop.base.verification import controler

    with contexte.poste() as poste:
        bilan = controler(poste.base.connexion())
        rupture = bilan.rupture or _incoherence(poste.factures.incoherence())
    reponse = {
        "integre": rupture is None, "factures": bilan.factures, "evenements": bilan.evenements, "rupture": rupture,
    }
    contexte.repondre(reponse, f"Base contrôlée. Factures : {bilan.factures} ; événements : {bilan.evenements}.")
    if rupture:
        raise ErreurConnue(
            rupture, code="BASE_ABIMEE", action="Conservez une copie de la base et restaurez la dernière sauvegarde."
        )


def _incoherence(numero: str | None) -> str | None:
    return f"L'état de la facture {numero} n'est pas celui que donnent ses événements." if numero else None
