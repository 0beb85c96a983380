"""What a checker answers: one anomaly a row, with where it is and a stable code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sesam_desktop.noyau.erreurs import FormatInvalide

LIMITE = 500
"""Errors, and warnings, that a checker keeps: a file that is wrong everywhere must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Anomalie:
    """`ligne` and `position` start at 1, 0 when they mean nothing. `avertissement`: the file stays valid."""

    ligne: int
    position: int
    zone: str
    code: str
    message: str
    avertissement: bool = False

    @classmethod
    def depuis(cls, erreur: FormatInvalide) -> Anomalie:
        return cls(erreur.ligne, erreur.position, erreur.zone, erreur.code, erreur.message)

    def en_dict(self) -> dict[str, Any]:
        return asdict(self)


def valide(anomalies: list[Anomalie]) -> bool:
    """True when nothing but warnings was found."""
    return all(a.avertissement for a in anomalies)


def borner(anomalies: Iterable[Anomalie], limite: int = LIMITE) -> list[Anomalie]:
    """The first `limite` errors and the first `limite` warnings; a last row tells what was left out.

    Warnings never stop the check: an error far behind them is still found. Errors do, once there are enough of them.
    """
    gardees: list[Anomalie] = []
    erreurs = avertissements = 0
    for trouvee in anomalies:
        erreurs += not trouvee.avertissement
        avertissements += trouvee.avertissement
        if not trouvee.avertissement or avertissements <= limite:
            gardees.append(trouvee)
        if erreurs >= limite:
            message = f"Le contrôle s'est arrêté à la {limite}e erreur : la suite du fichier n'est pas contrôlée."
            return [*gardees, Anomalie(trouvee.ligne, 0, "", "ARRET", message, avertissement=True)]
    if avertissements > limite:
        message = f"{avertissements - limite} autre(s) avertissement(s) ne sont pas détaillés."
        gardees.append(Anomalie(0, 0, "", "SUITE", message, avertissement=True))
    return gardees
