"""The program as scripts run it: a real process, its status, what it printed; and a picture of its database."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from sesam_desktop.cartes.demonstration import cartes_de_demonstration

RACINE = Path(__file__).resolve().parent.parent.parent
DELAI_S = 60
# Whose names and numbers may appear in no message.
SECRETS = {b.nom_usuel for _, carte in cartes_de_demonstration() for b in carte.beneficiaires} | {
    carte.assure.nir for _, carte in cartes_de_demonstration()
}


class Sortie(NamedTuple):
    statut: int
    sortie: str
    erreurs: str


class Programme:
    """`sesam-desktop --profil …`, with some variables of environment."""

    def __init__(self, profil: Path, **variables: str) -> None:
        self.profil = profil
        self._variables = variables

    def __call__(self, *arguments: object, avant: Callable[[], None] | None = None, **variables: str) -> Sortie:
        """Run it; `avant` runs in the child before the program."""
        fini = subprocess.run(
            [sys.executable, "-m", "sesam_desktop", "--profil", str(self.profil), *map(str, arguments)],
            cwd=RACINE, env={**os.environ, **self._variables, **variables}, stdin=subprocess.DEVNULL,
            capture_output=True, encoding="utf-8", timeout=DELAI_S, preexec_fn=avant, check=False,
        )
        return Sortie(fini.returncode, fini.stdout, fini.stderr)

    def json(self, *arguments: object, **variables: str) -> Any:
        """The one JSON document of a command that succeeds in silence."""
        statut, sortie, erreurs = self("--json", *arguments, avant=None, **variables)
        assert (statut, erreurs) == (0, "")
        return json.loads(sortie)

    def refus(self, *arguments: object, avant: Callable[[], None] | None = None, **variables: str) -> str:
        """Code of a command that is refused, once its one sentence was found fit to be read by anybody."""
        statut, _, erreurs = self(*arguments, avant=avant, **variables)
        assert statut == 1, erreurs
        exiger_une_phrase(erreurs, *variables.values())
        code = re.search(r"\[([A-Z0-9_]+)\]\n$", erreurs)
        assert code, erreurs
        return code.group(1)


def exiger_une_phrase(erreurs: str, *secrets: str) -> None:
    """One line for people: a sentence, no trace of the machine, nothing secret."""
    assert erreurs.count("\n") == 1, erreurs
    assert re.search(r"[.!»)] \[[A-Z0-9_]+\]$", erreurs.strip()), erreurs
    assert not re.search(r"Traceback|Error\b|Exception|\bNone\b", erreurs), erreurs
    assert not [s for s in (*SECRETS, *secrets) if s in erreurs]


def photo(profil: Path) -> list[str]:
    """Everything the database holds, as text, to compare before and after."""
    with closing(sqlite3.connect(profil / "sesam.db")) as connexion:
        return list(connexion.iterdump())
