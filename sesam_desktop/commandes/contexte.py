"""What every command shares: the profile, the JSON switch, one way to answer and one way to fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste


@dataclass
class Contexte:
    """Options given before the command. `profil` None means the platform's own place."""

    profil: Path | None = None
    json: bool = False

    @contextmanager
    def poste(self) -> Iterator[Poste]:
        """The workstation of this profile, opened for the time of the command."""
        from sesam_desktop.poste.poste import Poste

        poste = Poste.ouvrir(self.profil)
        try:
            yield poste
        finally:
            poste.fermer()

    def repondre(self, donnees: Any, texte: str | Callable[[], str] = "") -> None:
        """Print `donnees` as the one JSON document with --json, `texte` for people otherwise."""
        if self.json:
            click.echo(json.dumps(donnees, ensure_ascii=False, indent=2))
        else:
            click.echo(texte() if callable(texte) else texte)

    @contextmanager
    def etapes(self) -> Iterator[Callable[[str, int, int], None]]:
        """A callback (step, done, total) shown as one progress bar a step on a terminal, silent when piped."""
        from tqdm import tqdm

        barres: dict[str, tqdm] = {}

        def avancer(etape: str, fait: int, total: int) -> None:
            if etape not in barres:
                barres[etape] = tqdm(total=total, desc=etape, disable=None, leave=False, unit="")
            barres[etape].total = total
            barres[etape].update(fait - barres[etape].n)

        try:
            yield avancer
        finally:
            for barre in barres.values():
                barre.close()

    def progression(self, elements: Iterable[Any], *, total: int | None = None, titre: str = "") -> Iterable[Any]:
        """`elements` with a progress bar on a terminal's stderr, as they are when piped."""
        from tqdm import tqdm

        return tqdm(elements, total=total, desc=titre, disable=None, leave=False, unit="")


passer = click.make_pass_decorator(Contexte)
