"""The code porteur given to a command: by an environment variable, never as an argument others could read."""

from __future__ import annotations

import os

from sesam_desktop.noyau.erreurs import EntreeInvalide


def lire(variable: str) -> str:
    """The code held by `variable`. Raises CODE_PORTEUR_ABSENT."""
    code = os.environ.get(variable, "")
    if not code:
        raise EntreeInvalide(
            f"La variable d'environnement {variable} est vide.",
            code="CODE_PORTEUR_ABSENT",
            action="Mettez-y le code porteur de la carte, puis recommencez.",
        )
    return code
