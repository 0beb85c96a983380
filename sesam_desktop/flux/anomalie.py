"""What a checker answers: one anomaly a row, with where it is and a stable code."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sesam_desktop.noyau.erreurs import FormatInvalide

LIMITE = 500
"""A checker stops there: a file that is wrong everywhere must not fill the memory."""


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
