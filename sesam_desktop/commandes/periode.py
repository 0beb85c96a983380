"""`--depuis` and `--jusqu-a`: a period of whole days, both included."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import click

from sesam_desktop.noyau.dates import jour_de, lire_iso
from sesam_desktop.noyau.erreurs import EntreeInvalide


def options(commande: Callable[..., Any]) -> Callable[..., Any]:
    """Add both options to a command."""
    for nom, aide in (("--jusqu-a", "Jusqu'à ce jour compris (aujourd'hui)."),
                      ("--depuis", "À partir de ce jour (il y a un an, au premier du mois).")):
        commande = click.option(nom, metavar="AAAA-MM-JJ", help=aide)(commande)
    return commande


def lire(depuis: str | None, jusqu_a: str | None) -> tuple[date, date]:
    """Both ends. Raises EntreeInvalide for a date that does not exist, or ends in the wrong order."""
    fin = lire_iso(jusqu_a, "--jusqu-a") if jusqu_a else jour_de(datetime.now(UTC))
    debut = lire_iso(depuis, "--depuis") if depuis else fin.replace(year=fin.year - 1, day=1)
    if fin < debut:
        raise EntreeInvalide("La période se termine avant de commencer.", code="PERIODE_INVALIDE", ou="--jusqu-a")
    return debut, fin
