"""The help pages in French: what click writes of its own in English is put into French as it is laid out."""

from __future__ import annotations

from collections.abc import Iterable

import click

TEXTES = {
    "Commands": "Commandes",
    "Show this message and exit.": "Affiche cette aide.",
    "Show the version and exit.": "Affiche la version.",
    "DIRECTORY": "DOSSIER",
    "FILE": "FICHIER",
    "INTEGER RANGE": "NOMBRE",
    "TEXT": "TEXTE",
    "[COMMAND] [ARGS]...": "[COMMANDE] [ARGUMENTS]...",
    "COMMAND [ARGS]...": "COMMANDE [ARGUMENTS]...",
    "[default: ": "[par défaut : ",
    "[required]": "[obligatoire]",
}


class FormateurFrancais(click.HelpFormatter):
    """Click's layout, with the words above."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _traduire(args), prefix or "Usage : ")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_traduire(heading)} :\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(_traduire(gauche), _traduire(droite)) for gauche, droite in rows], col_max, col_spacing)


def en_francais() -> None:
    """Use it for every command of this process."""
    click.Context.formatter_class = FormateurFrancais


def _traduire(texte: str) -> str:
    for anglais, francais in TEXTES.items():
        texte = texte.replace(anglais, francais)
    return texte
