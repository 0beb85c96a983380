"""The worker that judges stored messages one after the other, in the order they came."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable

from .recus import Arrivee, Conclusion
from .registre import Registre

journal = logging.getLogger(__name__)
_REPRISE_S = 1


class Ouvrier(threading.Thread):
    """Judges until stopped. `juger` decides, the registre writes; a message that breaks `juger` is put aside."""

    def __init__(self, registre: Registre, juger: Callable[[Arrivee], Conclusion], delai_s: float = 0) -> None:
        super().__init__(name="frontal-controle", daemon=True)
        self._registre, self._juger, self._delai_s = registre, juger, delai_s
        self._arret = threading.Event()
        self._du_travail = threading.Event()
        self._du_travail.set()  # whatever a previous run left

    def reveiller(self) -> None:
        """Say that a message was stored."""
        self._du_travail.set()

    def changer(self, juger: Callable[[Arrivee], Conclusion], delai_s: float) -> None:
        """Judge otherwise from the next message on."""
        self._juger, self._delai_s = juger, delai_s

    def arreter(self) -> None:
        """Finish the message in hand, then end."""
        self._arret.set()
        self._du_travail.set()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        while not self._arret.is_set():
            self._du_travail.wait()
            self._du_travail.clear()
            try:
                self._vider()
            except sqlite3.Error as erreur:  # disk full, file locked: the message stays stored, try again later
                journal.error("traitement suspendu, base du frontal en erreur : %s", type(erreur).__name__)
                self._arret.wait(_REPRISE_S)
                self._du_travail.set()

    def _vider(self) -> None:
        while not self._arret.is_set() and (arrivee := self._registre.suivante()):
            if self._delai_s and self._arret.wait(self._delai_s):
                return
            self._registre.conclure(arrivee, self._conclusion(arrivee))

    def _conclusion(self, arrivee: Arrivee) -> Conclusion:
        try:
            return self._juger(arrivee)
        except Exception as erreur:  # noqa: BLE001 - one bad message must not stop the frontal: it is kept, and said
            journal.error("message %d mis de côté, erreur interne %s", arrivee.numero, type(erreur).__name__)
            return Conclusion("quarantaine", motif=f"INTERNE {type(erreur).__name__}")
