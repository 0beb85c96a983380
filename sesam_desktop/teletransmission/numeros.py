"""Numbers of lots given, noted beside the database: a backup restored forgets lots, the funds do not.

One line a number (`base.temoin`), before its lot is kept: ``AAAA-MM-JJ;genre;régime;organisme;AMC;numéro``. A number
given since the backup is thus not given again the same day. Both files replaced by older copies: nothing here can know,
make lots on the next day.
"""

from __future__ import annotations

import re
from pathlib import Path

from sesam_desktop.base import temoin
from sesam_desktop.base.fichiers import traduire

from .groupement import CleLot

_LIGNE = re.compile(r"(\d{4}-\d\d-\d\d);(\w+;\d*;\w*;\w*);(\d{3})")


class NumerosDonnes:
    """The file of the workstation whose database is `base`. Written under the lock of the preparation."""

    def __init__(self, base: Path) -> None:
        self._chemin = temoin.a_cote(base, "numeros")

    def pris(self, cle: CleLot, jour: str) -> tuple[str, set[str]]:
        """Last number given for this addressee ("" when none is known), and those given at `jour`."""
        suite = _suite(cle)
        donnes = [(date, numero) for date, nom, numero in self._lignes() if nom == suite]
        return (donnes[-1][1] if donnes else ""), {numero for date, numero in donnes if date == jour}

    def noter(self, cle: CleLot, jour: str, numero: str) -> None:
        """Durable when this returns. Raises DISQUE_PLEIN, ACCES_REFUSE…"""
        temoin.noter(self._chemin, f"{jour};{_suite(cle)};{numero}")

    def _lignes(self) -> list[tuple[str, str, str]]:
        try:
            texte = self._chemin.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        except OSError as erreur:
            raise traduire(erreur, self._chemin) from erreur
        return [trouve.groups() for ligne in texte.split("\n") if (trouve := _LIGNE.fullmatch(ligne))]  # type: ignore[misc]


def _suite(cle: CleLot) -> str:
    return f"{cle.genre};{cle.regime};{cle.organisme};{cle.amc}"
