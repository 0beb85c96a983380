"""Run a command as a script would: status, standard output, standard error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.commandes import lancer


class Ligne:
    """The command line on one profile."""

    def __init__(self, profil: Path, lire: Callable[[], tuple[str, str]]) -> None:
        self.profil = profil
        self._lire = lire

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as sortie:
            lancer(["--profil", str(self.profil), *map(str, arguments)])
        return int(sortie.value.code or 0), *self._lire()

    def json(self, *arguments: object) -> Any:
        """The one JSON document of a command that succeeds."""
        statut, sortie, erreurs = self("--json", *arguments)
        assert statut == 0, erreurs
        return json.loads(sortie)

    def refus(self, *arguments: object) -> str:
        """The one sentence of a command that is refused; nothing goes to standard output."""
        statut, sortie, erreurs = self(*arguments)
        assert (statut, sortie, erreurs.count("\n")) == (1, "", 1)
        assert "Traceback" not in erreurs
        return erreurs
