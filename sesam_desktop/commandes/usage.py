"""Wrong usage, told in French: what does not fit, the right form, and where the help is."""

from __future__ import annotations

import click


def dire(erreur: click.UsageError) -> str:
    """The lines for standard error."""
    if erreur.ctx is None:
        return _phrase(erreur)
    forme = " ".join([erreur.ctx.command_path, *erreur.ctx.command.collect_usage_pieces(erreur.ctx)])
    return f"{_phrase(erreur)}\nUsage : {forme}\nAide : {erreur.ctx.command_path} --help"


def _phrase(erreur: click.UsageError) -> str:
    if isinstance(erreur, click.MissingParameter):
        return f"Il manque {_nom(erreur)}."
    if isinstance(erreur, click.BadParameter):
        return f"La valeur donnée pour {_nom(erreur)} ne convient pas{_attendu(erreur)}."
    if isinstance(erreur, click.NoSuchOption):
        return f"L'option {erreur.option_name} n'existe pas."
    if isinstance(erreur, click.BadOptionUsage):
        return f"L'option {erreur.option_name} est mal employée : il lui manque sa valeur, ou elle n'en prend pas."
    if erreur.ctx is not None and isinstance(erreur.ctx.command, click.Group):
        connues = ", ".join(erreur.ctx.command.list_commands(erreur.ctx))
        return f"Cette commande manque ou n'existe pas. Commandes : {connues}."
    return "La commande a reçu trop d'arguments."


def _nom(erreur: click.BadParameter) -> str:
    return erreur.param.get_error_hint(erreur.ctx).strip("'") if erreur.param is not None else "la commande"


def _attendu(erreur: click.BadParameter) -> str:
    genre = erreur.param.type if erreur.param is not None else None
    if isinstance(genre, click.Choice):
        return f" : {' ou '.join(genre.choices)} est attendu"
    if isinstance(genre, click.IntRange):
        return f" : un nombre entier de {genre.min} à {genre.max} est attendu"
    if isinstance(genre, click.Path):
        return " : un dossier est attendu" if not genre.file_okay else " : un fichier est attendu"
    return ""
