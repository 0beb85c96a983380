"""What was read of the cards that are in: it leaves with them, and so does the professional's session.

What is remembered of a card is tied to one stay in one slot. The news that a card left comes from the readers' watch,
which must never wait (it would miss what happens meanwhile): while a reading or a signature is under way, whoever does
it forgets at its end the cards that left.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .changements import Changements
from .parc import Parc
from .pont_ssv import meme_passage

if TYPE_CHECKING:
    from sesam_desktop.cartes.duo import CarteDuo
    from sesam_desktop.cartes.ps import CartePS, Situation
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.lecteurs.canal import Canal, Fente
    from sesam_desktop.lecteurs.gestionnaire import Evenement
    from sesam_desktop.lecteurs.lecture import PuceVitale
    from sesam_desktop.securisation.session_ps import SessionPS


class CartesPresentes(Parc):
    """The cards read, the situation chosen, the session. Written under the lock, read by anybody without waiting."""

    def __init__(self, canaux: Callable[[], list[Canal]], profil: Path, changements: Changements) -> None:
        super().__init__(canaux, profil)
        self._changements = changements
        self._verrou = threading.RLock()  # never asked for by who holds a session, and never waited for by the watch
        self._parties: deque[tuple[str, str, int]] = deque()  # channel, reader, last stay that is over
        self._fentes: dict[str, Fente] = {}  # where each card read is, with the passage it was read in
        self._rang: int | None = None
        self._finissante: SessionPS | None = None  # its card left; it may still be signing
        self._puce_vitale: PuceVitale | None = None
        self.ps: CartePS | None = None
        self.vitale: CarteVitale | None = None
        self.duo: CarteDuo | None = None
        self.session: SessionPS | None = None

    @property
    def session_ouverte(self) -> bool:
        """True while the professional may sign without typing the code again."""
        session = self.session
        return session is not None and session.ouverte

    def situations(self) -> tuple[Situation, ...]:
        """Situations de facturation in which the professional whose card is in may work; empty before the code."""
        from .situations import proposees

        carte = self.ps
        return proposees(carte) if carte is not None else ()

    @property
    def situation(self) -> Situation | None:
        """The situation chosen, or the only one there is; None when a choice must be asked or nothing was read."""
        from .situations import par_defaut, proposees

        carte, rang = self.ps, self._rang
        if carte is None:
            return None
        return next((s for s in proposees(carte) if s.rang == rang), None) or par_defaut(carte)

    def choisir_situation(self, rang: int) -> Situation:
        """Work in the situation of this logical number until the card leaves. Raises what `situations.retenue` does."""
        from .situations import exiger_lue, retenue

        with self._seul():
            situation = retenue(exiger_lue(self.ps), rang)
            self._rang = rang
        self._changements.annoncer("cartes")
        return situation

    def fermer_session(self) -> None:
        """Forget the code; the card must be opened again to sign. Waits for the signature under way."""
        with self._verrou:
            self._abandonner_session()
            finissante, self._finissante = self._finissante, None
        if finissante is not None:
            finissante.fermer()

    @contextmanager
    def _seul(self) -> Iterator[None]:
        """One reading or signature at a time; the cards that left meanwhile are forgotten after it."""
        try:
            with self._verrou:
                yield
        finally:
            self._oublier_les_parties()

    def _voir(self, role: str, fente: Fente) -> None:
        """This role's card is here now: what was read of another stay is forgotten, before its removal is told."""
        if not meme_passage(fente, self._fentes.get(role)):
            self._oublier(role)
        self._fentes[role] = fente

    def _oublier(self, role: str) -> None:
        self._fentes.pop(role, None)
        if role == "vitale":
            self.vitale = self._puce_vitale = None
        elif role == "duo":
            self.duo = None
        else:
            self.ps = self._rang = None
            self._abandonner_session()

    def _abandonner_session(self) -> None:
        session, self.session = self.session, None
        if session is not None:
            self._finissante = session
            session.abandonner()

    def _recevoir(self, evenement: Evenement) -> None:
        """On a watching thread. The news may come late: a card read since then in the same slot is not concerned."""
        from sesam_desktop.lecteurs.gestionnaire import Genre

        super()._recevoir(evenement)
        fente = evenement.fente
        if fente is not None:
            fini = fente.passage if evenement.genre is Genre.RETIREE else fente.passage - 1
            self._parties.append((fente.canal, fente.lecteur, fini))
            self._oublier_les_parties()
        self._changements.annoncer("cartes")

    def _oublier_les_parties(self) -> None:
        """Never waits: when somebody holds the lock, it is done by them once they let it go."""
        oubliee = False
        while self._parties and self._verrou.acquire(blocking=False):
            try:
                oubliee = self._oublier_une_partie() or oubliee
            finally:
                self._verrou.release()
        if oubliee:
            self._changements.annoncer("cartes")

    def _oublier_une_partie(self) -> bool:
        """Under the lock. True when something had been read of that card."""
        if not self._parties:
            return False
        canal, lecteur, fini = self._parties.popleft()
        roles = [
            role for role, lue in self._fentes.items()
            if (lue.canal, lue.lecteur) == (canal, lecteur) and lue.passage <= fini
        ]
        for role in roles:
            self._oublier(role)
        return bool(roles)
