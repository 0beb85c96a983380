"""The root command: general options, lazy loading of each command, exit statuses without tracebacks."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .aide import en_francais
from .contexte import Contexte

COMMANDES = {
    "base": "base:base",
    "carte": "carte:carte",
    "certificats": "certificats:certificats",
    "corbeille": "corbeille:corbeille",
    "demandes": "demandes:demandes",
    "demo": "demo:demo",
    "diagnostic": "diagnostic:diagnostic",
    "facture": "facture:facture",
    "factures": "factures:factures",
    "flux": "flux:flux",
    "frontal": "frontal:frontal",
    "galss": "galss:galss",
    "lecteurs": "lecteurs:lecteurs",
    "loe": "loe:loe",
    "lots": "lots:lots",
    "messages": "messages:messages",
    "paiements": "paiements:paiements",
    "referentiels": "referentiels:referentiels",
    "restaurer": "sauvegarde:restaurer",
    "retours": "retours:retours",
    "sauvegarder": "sauvegarde:sauvegarder",
    "scor": "scor:scor",
    "tableau": "tableau:tableau",
    "tarifer": "tarifer:tarifer",
    "tla": "tla:tla",
    "tod": "tod:tod",
}


class GroupeParesseux(click.Group):
    """Imports a command's module only when that command is asked for, so that the window opens fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDES:
            return None
        module, nom = COMMANDES[cmd_name].split(":")
        return getattr(importlib.import_module(f"sesam_desktop.commandes.{module}"), nom)


@click.group(cls=GroupeParesseux, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--profil", type=click.Path(file_okay=False, path_type=Path), help="Dossier de ce poste de travail.")
@click.option("--json", "en_json", is_flag=True, help="Répond par un seul document JSON sur la sortie standard.")
@click.option("--demo", "demonstration", is_flag=True, help="Ouvre la fenêtre sur un poste de démonstration.")
@click.option("--scenario", help="Avec --demo, ce que font les caisses (frontal scenarios).")
@click.option("--quitter-apres-ouverture", is_flag=True, help="Quitte dès que la première page est utilisable.")
@click.version_option(package_name="sesam-desktop", prog_name="sesam-desktop")
@click.pass_context
def racine(
    ctx: click.Context,
    profil: Path | None,
    en_json: bool,
    demonstration: bool,
    scenario: str | None,
    quitter_apres_ouverture: bool,
) -> None:
    """Sesam Desktop : facturation SESAM-Vitale. Sans commande, ouvre la fenêtre."""
    ctx.obj = Contexte(profil=profil, json=en_json)
    if scenario is not None:
        _exiger_scenario(ctx, scenario, demonstration)
    if ctx.invoked_subcommand is None:
        from sesam_desktop.ihm.lancement import ouvrir

        ctx.exit(ouvrir(profil, demonstration, quitter_apres_ouverture, scenario or "nominal"))


def _exiger_scenario(ctx: click.Context, scenario: str, demonstration: bool) -> None:
    """Refused before the window opens, not at its first mail."""
    from sesam_desktop.frontal.scenario import charger

    if not demonstration or ctx.invoked_subcommand is not None:
        raise EntreeInvalide(
            "--scenario ne va ici qu'avec --demo, sans commande.", code="SCENARIO_SANS_DEMO",
            action="Écrivez « --demo --scenario NOM », ou « demo --scenario NOM ».",
        )
    charger(scenario)


def lancer(arguments: list[str] | None = None) -> None:
    """Run the command line. Exit status: 0 done, 1 refused or failed with one sentence, 2 wrong usage."""
    en_francais()
    try:
        statut = racine.main(args=arguments, prog_name="sesam-desktop", standalone_mode=False)
    except click.UsageError as erreur:
        from . import usage

        click.echo(usage.dire(erreur), err=True)
        sys.exit(2)
    except click.Abort:
        click.echo("Interrompu.", err=True)
        sys.exit(1)
    except ErreurConnue as erreur:
        click.echo(f"{erreur.phrase()} [{erreur.code}]", err=True)
        sys.exit(1)
    except Exception as erreur:  # noqa: BLE001 - the last line of defence: a masked report, never a traceback
        from sesam_desktop.poste.journal import rapporter_bogue

        click.echo(f"Erreur interne : {rapporter_bogue(erreur)}", err=True)
        sys.exit(1)
    sys.exit(statut or 0)
