"""The one thread that talks to one reader: jobs in their order, each awaited for a bounded time.

A driver may take a command and never answer. The job is then given up by who waited for it, the worker refuses
everything at once, and what the job brings back too late is undone: the reader is usable again by itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from sesam_desktop.noyau.erreurs import ErreurConnue

journal = logging.getLogger(__name__)

T = TypeVar("T")

OISIF = 5.0


def garder(_: object) -> None:
    """Nothing to undo."""


class Tache(Generic[T]):
    """One job. `en_retard` says what it is refused with when it gives no sign of life; the job may change it."""

    def __init__(
        self,
        travail: Callable[[Tache[T]], T],
        en_retard: Callable[[], ErreurConnue],
        defaire: Callable[[T], object] = garder,
        *,
        obligatoire: bool = False,
    ) -> None:
        self.obligatoire = obligatoire  # done even when nobody awaits it any more
        self._travail = travail
        self._defaire = defaire
        self.en_retard = en_retard
        self.signe = time.monotonic()
        self.commencee = self.abandonnee = self.finie = False
        self._fin = threading.Lock()  # released at the end: cheaper to wait for than an event
        self._fin.acquire()
        self._resultat: T
        self._erreur: BaseException | None = None

    def vivre(self) -> None:
        """A sign of life: the wait starts again from here. Raises once nobody waits any more."""
        if self.abandonnee:
            raise self.en_retard()
        self.signe = time.monotonic()

    def executer(self) -> None:
        self.signe = time.monotonic()
        try:
            self._resultat = self._travail(self)
        except BaseException as erreur:  # noqa: BLE001 - carried to the waiting thread as it is
            self._erreur = erreur

    def attendre(self, delai: float) -> bool:
        """True once it has ended, within `delai` seconds; for the one who waits, once."""
        return self._fin.acquire(timeout=max(0.0, delai))

    def finir(self) -> None:
        self.finie = True
        self._fin.release()

    def defaire(self) -> None:
        """Nobody takes the result: whatever it holds is let go."""
        if self._erreur is not None:
            return
        try:
            self._defaire(self._resultat)
        except Exception:  # noqa: BLE001 - the worker must live
            journal.exception("ce qu'un lecteur a rendu trop tard n'a pas pu être défait")

    def issue(self) -> T:
        if self._erreur is not None:
            raise self._erreur
        return self._resultat


class Ouvrier:
    """`passage` is the stay of the card last asked for, `passage_lu` the one last read; they never go back."""

    def __init__(self, nom: str) -> None:
        self.passage = self.passage_lu = -1
        self._prise = threading.Lock()
        self._nom = nom
        self._taches: SimpleQueue[Tache[Any] | None] = SimpleQueue()
        self._verrou = threading.Lock()
        self._fil: threading.Thread | None = None
        self._bloquee: Tache[Any] | None = None
        self.termine = False

    @property
    def bloque(self) -> bool:
        """True while a job that nobody awaits any more has not come back."""
        return self._bloquee is not None

    @property
    def bloque_depuis(self) -> float:
        """Seconds since the job that is stuck last gave a sign; 0 when none is."""
        bloquee = self._bloquee
        return 0.0 if bloquee is None else time.monotonic() - bloquee.signe

    def prendre(self, passage: int, delai: float) -> threading.Lock | None:
        """Take this stay of the card until the lock returned is released; None when it is not let go in time.

        Whoever held the card before it left holds nothing any more.
        """
        with self._verrou:
            if passage > self.passage:
                self.passage, self._prise = passage, threading.Lock()
            prise = self._prise
        return prise if prise.acquire(timeout=delai) else None

    def exiger_libre(self) -> None:
        """Raise at once what the stuck job was refused with."""
        bloquee = self._bloquee
        if bloquee is not None:
            raise bloquee.en_retard()

    def faire(self, tache: Tache[T], delai: float) -> T:
        """Result of the job; its `en_retard` is raised after `delai` seconds without a sign of life."""
        self.exiger_libre()
        self.deposer(tache)
        return self.attendre(tache, delai)

    def attendre(self, tache: Tache[T], delai: float) -> T:
        """The second half of `faire`, for a job already left."""
        while not tache.attendre(tache.signe + delai - time.monotonic()):
            if self._abandonner(tache, delai):
                raise tache.en_retard()
        return tache.issue()

    def deposer(self, tache: Tache[Any]) -> None:
        """Leave a job that nobody awaits; it is done here and now when the worker has ended."""
        with self._verrou:
            if not self.termine:
                self._taches.put(tache)
                if self._fil is None:
                    self._fil = threading.Thread(target=self._courir, name=self._nom, daemon=True)
                    self._fil.start()
                return
        tache.executer()
        tache.finir()

    def terminer(self) -> None:
        """The thread ends after the jobs already left; never waits."""
        with self._verrou:
            self.termine = True
            self._taches.put(None)

    def attendre_fin(self, delai: float) -> None:
        """Wait for the thread to end, unless it is stuck or is the one that asks."""
        fil = self._fil
        if fil is not None and fil is not threading.current_thread() and not self.bloque:
            fil.join(delai)

    def _abandonner(self, tache: Tache[Any], delai: float) -> bool:
        """Give the job up, unless it has just ended or given a sign."""
        with self._verrou:
            if tache.finie or time.monotonic() < tache.signe + delai:
                return False
            tache.abandonnee = True
            if tache.commencee:
                self._bloquee = tache
            return True

    def _courir(self) -> None:
        while (tache := self._suivante()) is not None:
            with self._verrou:
                tache.commencee = tache.obligatoire or not tache.abandonnee
            if not tache.commencee:
                continue
            tache.executer()
            with self._verrou:
                tache.finir()
            if tache.abandonnee:
                tache.defaire()
                self._bloquee = None

    def _suivante(self) -> Tache[Any] | None:
        """The next job; None to end, also when nothing was asked for a while: the next job starts a thread again."""
        try:
            return self._taches.get(timeout=OISIF)
        except Empty:
            with self._verrou:
                if self._taches.empty():
                    self._fil = None
                    return None
        return self._suivante()
