"""What the manager hands out: a channel's session whose every exchange is bounded in time and may be traced."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

from .canal import SessionCarte, carte_retiree, carte_sans_reponse
from .ouvrier import Ouvrier, Tache
from .trace import Trace

journal = logging.getLogger(__name__)

Traceur = Callable[[], Trace | None]
_SANS_EFFET = frozenset((0xA4, 0xB0, 0xB2, 0xC0, 0xCA, 0xCB))  # commands that may be sent again without harm


class SessionEnTache:
    """Lives inside one job of the worker: once nobody awaits the job, nothing more is sent to the card."""

    def __init__(self, session: SessionCarte, tache: Tache[Any], trace: Trace | None) -> None:
        self._session = session
        self._tache = tache
        self._trace = trace
        self.sans_effet = True  # nothing was sent but readings
        self.fente = session.fente

    def __enter__(self) -> SessionEnTache:
        return self

    def __exit__(self, *_: object) -> None:
        self.fermer()

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        self._tache.vivre()
        if apdu[1] not in _SANS_EFFET:
            self.sans_effet = False
        return echanger(self._session, apdu, self._trace)

    def fermer(self) -> None:
        self._session.fermer()


class SessionTenue:
    """Held by the caller, from any thread; each exchange is a job of the reader's worker.

    An exchange without answer ends it: the card is let go as soon as the driver comes back.
    """

    def __init__(
        self, session: SessionCarte, ouvrier: Ouvrier, prise: threading.Lock, delai: float, traceur: Traceur
    ) -> None:
        self._session = session
        self._ouvrier = ouvrier
        self._prise = prise
        self._delai = delai
        self._traceur = traceur
        self._ouverte = True
        self._verrou = threading.Lock()
        self.fente = session.fente

    def __enter__(self) -> SessionTenue:
        return self

    def __exit__(self, *_: object) -> None:
        self.fermer()

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        if not self._ouverte:
            raise carte_retiree(self.fente.lecteur)
        trace = self._traceur()
        tache: Tache[tuple[bytes, int]] = Tache(lambda _: echanger(self._session, apdu, trace), self._sans_reponse)
        try:
            return self._ouvrier.faire(tache, self._delai)
        except ErreurConnue:
            if tache.abandonnee and self._cesser():
                self._ouvrier.deposer(self._fermeture())
                self._prise.release()
            raise

    def fermer(self) -> None:
        """The card is free when this returns, unless the driver hangs: then it will be when the driver comes back."""
        if not self._cesser():
            return
        fermeture = self._fermeture()
        self._ouvrier.deposer(fermeture)
        try:
            self._ouvrier.attendre(fermeture, self._delai)
        except ErreurConnue as erreur:
            journal.warning("%s : la carte n'a pas pu être rendue (%s)", self.fente.lecteur, erreur.code)
        finally:
            self._prise.release()

    def _cesser(self) -> bool:
        """True for the one caller who has to let the card go."""
        with self._verrou:
            ouverte, self._ouverte = self._ouverte, False
            return ouverte

    def _fermeture(self) -> Tache[None]:
        return Tache(lambda _: self._session.fermer(), self._sans_reponse, obligatoire=True)

    def _sans_reponse(self) -> ErreurConnue:
        return carte_sans_reponse(self.fente.lecteur)


def echanger(session: SessionCarte, apdu: bytes, trace: Trace | None) -> tuple[bytes, int]:
    """One exchange, noted when a trace is on."""
    if trace is None:
        return session.transmettre(apdu)
    debut, issue, recus = time.perf_counter(), "ECHEC", 0
    try:
        donnees, sw = session.transmettre(apdu)
        issue, recus = f"{sw:04X}", len(donnees)
    except ErreurConnue as erreur:
        issue = erreur.code
        raise
    finally:
        trace.noter(session.fente.lecteur, apdu, recus, issue, time.perf_counter() - debut)
    return donnees, sw
