"""The latest events of the readers, with their instant: what the Lecteurs page and the support report show."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.gestionnaire import Evenement

TAILLE = 200


@dataclass(frozen=True, slots=True)
class EvenementDate:
    """One event and when it was told, in local time."""

    instant: datetime
    evenement: Evenement


class Chronique:
    """A bounded list, written by the readers' threads, read by anybody: a deque appends and copies in one step."""

    def __init__(self) -> None:
        self._evenements: deque[EvenementDate] = deque(maxlen=TAILLE)

    def noter(self, evenement: Evenement) -> None:
        self._evenements.appendleft(EvenementDate(datetime.now().astimezone(), evenement))

    def lire(self) -> list[EvenementDate]:
        """Latest first."""
        return list(self._evenements.copy())
