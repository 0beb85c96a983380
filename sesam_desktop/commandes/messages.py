"""`messages`: what the outbox holds, the tries of one message, one sent again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.noyau.montants import formater

from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.depot_corbeille import Essai
    from sesam_desktop.teletransmission.depot_messages import MessageVu

ETATS = ("prete", "en_envoi", "remise", "acquittee", "refusee", "en_attente", "en_quarantaine")


@click.group()
def messages() -> None:
    """Messages de la corbeille de départ."""


@messages.command()
@click.option("--etat", "etats", multiple=True, metavar="E", help="Seulement les messages dans cet état, répétable.")
@passer
def lister(contexte: Contexte, etats: tuple[str, ...]) -> None:
    """Liste les messages, le plus récent en tête, avec les lots qu'ils portent."""
    for etat in etats:
        if etat not in ETATS:
            raise EntreeInvalide(f"L'état « {etat} » n'existe pas.", code="ETAT_INCONNU", ou="--etat",
                                 action=f"États : {', '.join(ETATS)}.")
    with contexte.poste() as poste:
        lus = poste.corbeille.messages(etats)
    contexte.repondre([_en_dict(m) for m in lus], lambda: "\n".join(map(_ligne, lus)) or "Aucun message.")


@messages.command()
@click.argument("message_id")
@passer
def journal(contexte: Contexte, message_id: str) -> None:
    """Dit chaque essai de MESSAGE_ID et les mots du serveur."""
    with contexte.poste() as poste:
        if not poste.corbeille.existe(message_id):
            raise ErreurConnue("Aucun message de ce poste ne porte ce nom.", code="MESSAGE_INCONNU", ou=message_id,
                               action="« messages lister » donne ceux de la corbeille.")
        essais = poste.corbeille.journal(message_id)
    contexte.repondre([asdict(e) for e in essais],
                      lambda: "\n".join(map(_essai, essais)) or "Aucun essai pour ce message.")


@messages.command()
@click.argument("message_id")
@passer
def relancer(contexte: Contexte, message_id: str) -> None:
    """Remet MESSAGE_ID, sorti de quarantaine, dans la corbeille : il part au prochain envoi."""
    with contexte.poste() as poste:
        if not poste.corbeille.relancer(message_id):
            raise ErreurConnue("Aucun message de ce nom n'est en quarantaine : il n'y a rien à relancer.",
                               code="MESSAGE_NON_RETENU", ou=message_id,
                               action="« messages lister --etat en_quarantaine » donne ceux qui y sont.")
    contexte.repondre({"message_id": message_id, "etat": "prete"}, f"Message {message_id} remis dans la corbeille.")


def _en_dict(message: MessageVu) -> dict[str, Any]:
    lu = {**asdict(message), "explication": message.explication}
    return {("taille_octets" if nom == "taille" else nom): valeur for nom, valeur in lu.items()}


def _ligne(message: MessageVu) -> str:
    lots = ", ".join(f"{lot.genre} {lot.fonds} n° {lot.numero}" for lot in message.lots)
    montant = formater(message.total_centimes, unite="€") if message.total_centimes else ""
    morceaux = (message.message_id, f"{message.boite:<4}", f"{message.etat:<14}", lots, montant, message.explication)
    return "  ".join(filter(None, morceaux))


def _essai(essai: Essai) -> str:
    return f"{essai.instant}  {essai.resultat:<14}  {essai.duree_ms} ms  {essai.reponse}".rstrip()
