"""The witness of card readings: when each card was last read, how long it took, what refused it. Nothing personal.

A workstation is only called fit when both cards were read lately. Errors older than the last start of the program
are forgotten: whatever caused them may be gone, and they would make the diagnostic cry wolf.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sesam_desktop.base.fichiers import remplacer
from sesam_desktop.noyau.erreurs import ErreurConnue

journal = logging.getLogger(__name__)
FICHIER = "lectures.json"
GARDEES = 20  # readings kept for each card


@dataclass(frozen=True, slots=True)
class Lecture:
    """One reading of the card of `role` (``cps``, ``vitale``, ``duo``). `code`: of the error, "" when it succeeded."""

    role: str
    instant: datetime
    reussie: bool
    duree_s: float
    code: str = ""


class TemoinLectures:
    """Kept in `dossier`/lectures.json; may be used from any thread. A lost or damaged file only loses the evidence."""

    def __init__(self, dossier: Path) -> None:
        self._chemin = dossier / FICHIER
        self._verrou = threading.Lock()
        self._demarrage, self._lectures = _charger(self._chemin)

    def demarrer(self, instant: datetime | None = None) -> None:
        """The program starts: errors from before no longer count."""
        with self._verrou:
            self._demarrage = instant or datetime.now(UTC)
            self._ecrire()

    def noter(
        self, role: str, *, reussie: bool, duree_s: float, code: str = "", instant: datetime | None = None
    ) -> None:
        """Remember one reading. Never fails: a reading must not be lost because its witness could not write."""
        lecture = Lecture(role, instant or datetime.now(UTC), reussie, round(duree_s, 3), code)
        with self._verrou:
            suite = [*self._lectures, lecture]
            du_role = [une for une in suite if une.role == role][-GARDEES:]
            self._lectures = [une for une in suite if une.role != role] + du_role
            self._ecrire()

    def lectures(self, role: str) -> list[Lecture]:
        """Readings of this card that still count, oldest first."""
        with self._verrou:
            return [
                une for une in self._lectures
                if une.role == role and (une.reussie or self._demarrage is None or une.instant >= self._demarrage)
            ]

    def derniere(self, role: str) -> Lecture | None:
        """The last reading of this card that counts."""
        return _derniere(self.lectures(role))

    def derniere_reussie(self, role: str) -> Lecture | None:
        """The last time this card was read."""
        return _derniere(une for une in self.lectures(role) if une.reussie)

    def moyenne_s(self, role: str) -> float | None:
        """Mean duration of the successful readings kept, in seconds; None when there is none."""
        durees = [une.duree_s for une in self.lectures(role) if une.reussie]
        return sum(durees) / len(durees) if durees else None

    def seule_la_premiere_echoue(self, role: str) -> bool:
        """The first reading since the program started failed, and none since."""
        depuis = [une.reussie for une in self.lectures(role) if not self._demarrage or une.instant >= self._demarrage]
        return len(depuis) > 1 and not depuis[0] and all(depuis[1:])

    def _ecrire(self) -> None:
        document = {
            "demarrage": self._demarrage.isoformat() if self._demarrage else "",
            "lectures": [asdict(une) | {"instant": une.instant.isoformat()} for une in self._lectures],
        }
        try:
            remplacer(self._chemin, json.dumps(document, indent=1).encode("ascii"))
        except ErreurConnue as erreur:
            journal.info("le témoin des lectures n'a pas été écrit (%s)", erreur.code)


def _derniere(lectures: Iterable[Lecture]) -> Lecture | None:
    """In the order they were noted: a clock that was ahead for a while must not hide what came after."""
    return next(reversed(list(lectures)), None)


def _charger(chemin: Path) -> tuple[datetime | None, list[Lecture]]:
    try:
        document = json.loads(chemin.read_bytes())
        demarrage = datetime.fromisoformat(document["demarrage"]) if document["demarrage"] else None
        return _date(demarrage), [_lecture(ligne) for ligne in document["lectures"]]
    except FileNotFoundError:
        return None, []
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        journal.info("le témoin des lectures est illisible, il recommence à vide")
        return None, []


def _lecture(ligne: dict[str, Any]) -> Lecture:
    instant = _date(datetime.fromisoformat(ligne["instant"]))
    if instant is None:
        raise ValueError(FICHIER)
    return Lecture(
        str(ligne["role"]), instant, ligne["reussie"] is True, float(ligne["duree_s"]), str(ligne["code"])
    )


def _date(instant: datetime | None) -> datetime | None:
    """Instants are compared with each other: all must say their zone."""
    if instant is not None and instant.tzinfo is None:
        raise ValueError(FICHIER)
    return instant
