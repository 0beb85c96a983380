"""`retours`: fetch the mailbox, or read a return kept in a file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.retour import BilanRetours


@click.group()
def retours() -> None:
    """Retours des caisses : accusés de réception et paiements."""


@retours.command()
@passer
def relever(contexte: Contexte) -> None:
    """Relève la boîte aux lettres et rapproche ce qu'elle contient."""
    with contexte.poste() as poste, contexte.etapes() as progression:
        bilan = poste.transmission.relever(progression=progression)
    contexte.repondre(asdict(bilan), lambda: dire(bilan))


@retours.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@passer
def importer(contexte: Contexte, fichier: Path) -> None:
    """Rapproche le retour FICHIER (message ou fichier ARL, NOEMIE)."""
    with contexte.poste() as poste:
        bilan = poste.transmission.importer(fichier)
    contexte.repondre(asdict(bilan), lambda: dire(bilan))


def dire(bilan: BilanRetours) -> str:
    """One line for people, and what wants them."""
    texte = (
        f"{bilan.recus} courriers reçus ({bilan.doublons} déjà connus) : {bilan.arl_positifs} ARL positifs, "
        f"{bilan.arl_negatifs} négatifs ; {bilan.payees} factures payées, {bilan.rejetees} rejetées, "
        f"{bilan.anomalies} à montant différent."
    )
    if bilan.non_rapproches:
        texte += f"\n{bilan.non_rapproches} retours ne correspondent à rien d'envoyé par ce poste."
    if bilan.quarantaine:
        texte += f"\n{bilan.quarantaine} courriers illisibles ont été mis en quarantaine."
    return texte
