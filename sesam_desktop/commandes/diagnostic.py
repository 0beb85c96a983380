"""`diagnostic`: what is wrong with this workstation, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.poste.diagnostic import Diagnostic

_VERDICTS = {
    "OK": "Le poste est prêt.",
    "A_TESTER": "Le poste fonctionne, des points sont à surveiller.",
    "KO": "Le poste ne peut pas travailler normalement.",
}


@click.command()
@click.option("--passif", is_flag=True, help="Ne parle ni aux cartes ni au réseau.")
@passer
def diagnostic(contexte: Contexte, passif: bool) -> None:
    """Contrôle le poste : lecteurs, cartes, tables, messagerie, base, disque, corbeilles."""
    from sesam_desktop.poste.diagnostic import diagnostiquer

    with contexte.poste() as poste:
        bilan = diagnostiquer(poste, passif=passif)
    contexte.repondre(bilan.en_dict(), lambda: _texte(bilan))


def _texte(bilan: Diagnostic) -> str:
    lignes = [_VERDICTS[bilan.verdict.value]]
    for constat in bilan.constats:
        vu = constat.en_dict()
        suite = f" {vu['action']}" if vu["action"] else ""
        commande = f" ({vu['reparation']})" if vu["reparation"] else ""
        lignes.append(f"{vu['niveau']:4} {vu['titre']}{suite}{commande}")
    return "\n".join(lignes)
