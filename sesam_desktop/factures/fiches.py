"""What the depot answers: one line of a list, one event of a history; and what it is asked: a filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .cycle import LIBELLES, MOTS, Etat


@dataclass(frozen=True, slots=True)
class Filtre:
    """What a list shows. Empty fields do not filter; `texte` is searched in number, name and NIR, word by word.

    `depuis` and `jusqu_a` bound the date of care, both included. `limite` 0 means no limit.
    """

    texte: str = ""
    etats: tuple[str, ...] = ()
    depuis: date | None = None
    jusqu_a: date | None = None
    destinataire: str = ""
    limite: int = 0
    decalage: int = 0


TOUTES = Filtre()


@dataclass(frozen=True, slots=True)
class Resume:
    """One line of a list, without opening the document."""

    numero: str
    etat: Etat
    cree_le: datetime
    date_soins: date
    patient: str
    destinataire: str
    niveau: str
    total_centimes: int
    amo_centimes: int
    amc_centimes: int
    assure_centimes: int
    remplace: str

    @property
    def mot(self) -> str:
        """One of the five words."""
        return MOTS[self.etat]

    @property
    def libelle(self) -> str:
        return LIBELLES[self.etat]


@dataclass(frozen=True, slots=True)
class Evenement:
    """One event of a history."""

    nom: str
    instant: datetime
    donnees: Mapping[str, Any]
