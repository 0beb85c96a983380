"""`tla prets`, `tla reprendre`, `tla classer`: what is taken back by hand when a terminal or a document is useless."""

from __future__ import annotations

from dataclasses import asdict

import click

from .contexte import Contexte, passer
from .nombres import compter
from .tla_phrases import en_numeros, ligne_pret


@click.command()
@passer
def prets(contexte: Contexte) -> None:
    """Les factures prêtées à un terminal, où qu'il soit."""
    with contexte.poste() as poste:
        dehors = poste.terminaux.prets()
    reponse = [
        {**asdict(p), "date_soins": p.date_soins.isoformat(), "pretee_le": p.pretee_le.isoformat()} for p in dehors
    ]
    contexte.repondre(reponse, lambda: "\n".join(map(ligne_pret, dehors)) or "Aucune facture n'est prêtée.")


@click.command()
@click.argument("numeros", nargs=-1, required=True, metavar="NUMERO...")
@passer
def reprendre(contexte: Contexte, numeros: tuple[str, ...]) -> None:
    """Refait des brouillons de factures dont le terminal est perdu ou en panne. Une signature qui en reviendrait
    ensuite serait refusée."""
    reprises = en_numeros(numeros)
    with contexte.poste() as poste:
        poste.terminaux.reprendre(reprises)
    redevenues = compter(len(reprises), "facture redevenue")
    texte = f"{redevenues} des brouillons ; une signature qui en reviendrait sera refusée."
    contexte.repondre({"reprises": reprises}, texte)


@click.command()
@click.argument("reference")
@click.option("--motif", required=True, help="Pourquoi rien n'est à en faire.")
@passer
def classer(contexte: Contexte, reference: str, motif: str) -> None:
    """Retire de la liste un document refusé, ou qui ne sera pas signé. Il reste gardé, avec le motif ; sa facture
    redevient un brouillon. REFERENCE est celle de « tla a-signer »."""
    with contexte.poste() as poste:
        classe = poste.terminaux.classer(reference, motif)
    contexte.repondre(asdict(classe), f"{classe.quoi} : classé, et gardé avec son motif.")


def ajouter_suites(groupe: click.Group) -> None:
    for commande in (prets, reprendre, classer):
        groupe.add_command(commande)
