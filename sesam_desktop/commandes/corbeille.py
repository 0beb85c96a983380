"""`corbeille`: the mailboxes of the outbox, held or let go."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from .contexte import Contexte, passer
from .nombres import compter

if TYPE_CHECKING:
    from sesam_desktop.poste.corbeille import EtatBoite

BOITES = click.Choice(["RSV", "OCT", "SCOR"], case_sensitive=False)


@click.group()
def corbeille() -> None:
    """Boîtes de la corbeille de départ : RSV, OCT, SCOR."""


@corbeille.command()
@passer
def etat(contexte: Contexte) -> None:
    """Dit ce qui attend dans chaque boîte, et laquelle est suspendue."""
    with contexte.poste() as poste:
        lus = poste.corbeille.etat()
    contexte.repondre([asdict(boite) for boite in lus], lambda: "\n".join(map(_ligne, lus)))


@corbeille.command()
@click.argument("boite", type=BOITES)
@click.option("--motif", required=True, help="Pourquoi : montré à qui regarde la corbeille.")
@passer
def suspendre(contexte: Contexte, boite: str, motif: str) -> None:
    """Suspend BOITE : son courrier attend jusqu'à ce qu'on la reprenne."""
    with contexte.poste() as poste:
        poste.corbeille.suspendre(boite, motif)
    contexte.repondre({"boite": boite, "suspendue": True, "motif": motif}, f"Boîte {boite} suspendue.")


@corbeille.command()
@click.argument("boite", type=BOITES)
@passer
def reprendre(contexte: Contexte, boite: str) -> None:
    """Reprend BOITE : son courrier part au prochain envoi."""
    with contexte.poste() as poste:
        reprise = poste.corbeille.reprendre(boite)
    texte = f"Boîte {boite} reprise." if reprise else f"La boîte {boite} n'était pas suspendue."
    contexte.repondre({"boite": boite, "suspendue": False, "changee": reprise}, texte)


def _ligne(boite: EtatBoite) -> str:
    suspendue = f", suspendue : {boite.suspension.motif}" if boite.suspension is not None else ""
    attendent = f"{compter(boite.a_partir, 'message')} à partir"
    return f"{boite.boite:<4}  {attendent}, {boite.plages or 'à toute heure'}{suspendue}"
