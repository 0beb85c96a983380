"""What a reader's worker does: open a session on the card that was asked for, and let the caller's work talk to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sesam_desktop.noyau.erreurs import ErreurConnue

from .canal import Canal, Fente, SessionCarte, carte_changee, carte_sans_reponse
from .ouvrier import Tache
from .roles import Role
from .sessions import SessionEnTache
from .trace import Trace

PAUSE_OCCUPEE = 0.1
_PREMIER_ESSAI = frozenset(("CARTE_MUETTE", "CARTE_REFUSE"))

T = TypeVar("T")


@dataclass(frozen=True)
class Ouverture:
    """A session on this slot: for its role when it was asked by role, else for the stay that was seen."""

    canal: Canal
    fente: Fente
    role: Role | None
    delai: float

    def __call__(self, tache: Tache[Any]) -> SessionCarte:
        session = self._insister(time.monotonic() + self.delai)
        try:
            tache.vivre()
            self._exiger(session.fente)
        except ErreurConnue:
            session.fermer()
            raise
        return session

    def _insister(self, echeance: float) -> SessionCarte:
        """Connect, again while another program holds the card and there is time."""
        while True:
            try:
                return self.canal.connecter(self.fente.lecteur)
            except ErreurConnue as erreur:
                if erreur.code != "CARTE_OCCUPEE" or time.monotonic() >= echeance:
                    raise
            time.sleep(PAUSE_OCCUPEE)

    def _exiger(self, trouvee: Fente) -> None:
        if self.role is None:
            meme = (trouvee.atr, trouvee.passage) == (self.fente.atr, self.fente.passage)
        else:
            meme = self.role.convient(trouvee.carte)
        if not meme:
            raise carte_changee(self.fente.lecteur)


@dataclass
class Emploi(Generic[T]):
    """One work on one card, from opening to closing. `sans_effet` holds while nothing but readings was sent."""

    ouverture: Ouverture
    travail: Callable[[SessionCarte], T]
    trace: Trace | None
    sans_effet: bool = field(default=True, init=False)

    def __call__(self, tache: Tache[T]) -> T:
        with SessionEnTache(self.ouverture(tache), tache, self.trace) as session:
            tache.en_retard = lambda: carte_sans_reponse(session.fente.lecteur)
            try:
                return self.travail(session)
            finally:
                self.sans_effet = session.sans_effet

    def peut_reprendre(self, erreur: ErreurConnue) -> bool:
        """True for a refusal that a card gives when it wakes up, if sending everything again does no harm."""
        return self.sans_effet and erreur.code in _PREMIER_ESSAI
