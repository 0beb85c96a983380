"""`frontal servir`: the other side alone, for demonstrations, training and tests by other programs."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .contexte import Contexte, passer

_TOUR_S = 0.5

if TYPE_CHECKING:
    from sesam_desktop.frontal.serveurs import Frontal


@click.group()
def frontal() -> None:
    """L'autre côté (caisse), pour la démonstration et les essais."""


@frontal.command()
@click.option("--smtp-port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0 : un port libre.")
@click.option("--pop-port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0 : un port libre.")
@click.option("--dossier", type=click.Path(file_okay=False, path_type=Path), required=True, help="Où tout est gardé.")
@click.option("--scenario", default="nominal", show_default=True, help="Nom d'un scénario livré, ou fichier .toml.")
@click.option("--autorite", type=click.Path(file_okay=False, path_type=Path), help="Autorité de démonstration suivie.")
@click.option("--organisme", "organismes", multiple=True, metavar="ADRESSE", help="Adresse à servir, répétable.")
@passer
def servir(
    contexte: Contexte, smtp_port: int, pop_port: int, dossier: Path, scenario: str, autorite: Path | None,
    organismes: tuple[str, ...],
) -> None:
    """Reçoit les lots par SMTP et répond dans une boîte POP3, jusqu'à Ctrl-C."""
    from sesam_desktop.frontal.serveurs import Frontal

    arret = threading.Event()
    for numero in (signal.SIGINT, signal.SIGTERM):
        signal.signal(numero, lambda *_: arret.set())
    serveur = Frontal(dossier, smtp_port, pop_port, scenario, autorite=autorite)
    serveur.demarrer()
    try:
        _annoncer(contexte, serveur, scenario, {adresse: str(serveur.publier(adresse)) for adresse in organismes})
        while not arret.wait(_TOUR_S):  # Windows delivers Ctrl-C between two waits only
            pass
    finally:
        serveur.arreter()


@frontal.command()
@passer
def scenarios(contexte: Contexte) -> None:
    """Liste ce que les caisses savent faire, bon ou mauvais."""
    from sesam_desktop.frontal import scenario

    livres = {nom: scenario.charger(nom).libelle for nom in scenario.noms()}
    contexte.repondre(
        [{"nom": nom, "libelle": libelle} for nom, libelle in livres.items()],
        lambda: "\n".join(f"{nom:<24}{libelle}" for nom, libelle in livres.items()),
    )


def _annoncer(contexte: Contexte, serveur: Frontal, scenario: str, certificats: dict[str, str]) -> None:
    """One line at once: whoever started us waits for it to know the ports and the certificates to encrypt for."""
    etat = {
        "smtp_port": serveur.smtp_port,
        "pop_port": serveur.pop_port,
        "certificat_tls": str(serveur.certificat_tls),
        "utilisateur": serveur.utilisateur,
        "scenario": scenario,
        "certificats": certificats,
    }
    suite = "".join(f"\n{adresse} : {chemin}" for adresse, chemin in certificats.items())
    texte = f"SMTP 127.0.0.1:{serveur.smtp_port}, POP3 127.0.0.1:{serveur.pop_port}, scénario {scenario}."
    click.echo(json.dumps(etat, ensure_ascii=False) if contexte.json else f"{texte} Ctrl-C pour arrêter.{suite}")
