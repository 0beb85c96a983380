"""`carte`: decode a carte virtuelle file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .contexte import Contexte, passer
from .nombres import compter


@click.group()
def carte() -> None:
    """Cartes virtuelles (fichiers de zones SSV)."""


@carte.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@passer
def decoder(contexte: Contexte, fichier: Path) -> None:
    """Décode FICHIER : une Vitale (groupes 101 à 111) ou une CPS (groupes 1 et 2)."""
    reponse = _decoder(fichier)
    contexte.repondre(reponse, lambda: _resume(reponse))


def _decoder(fichier: Path) -> dict[str, Any]:
    from sesam_desktop.cartes.json_cartes import ps_en_dict, vitale_en_dict
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.lecteurs.cartes_fichiers import lire_carte

    carte = lire_carte(fichier)
    if isinstance(carte, CarteVitale):
        return {"vitale": vitale_en_dict(carte)}
    return {"ps": ps_en_dict(carte)}


def _resume(reponse: dict[str, Any]) -> str:
    if "ps" in reponse:
        ps = reponse["ps"]
        return f"{ps['prenom']} {ps['nom']}, {compter(len(ps['situations']), 'situation')} de facturation"
    vitale = reponse["vitale"]
    lignes = [f"Carte Vitale n° {vitale['numero_serie']}, régime {vitale['assure']['regime']}"]
    for b in vitale["beneficiaires"]:
        lignes.append(f"  {b['prenom']} {b['nom_usuel']}, {compter(len(b['droits']), 'période')} de droits")
    return "\n".join(lignes)
