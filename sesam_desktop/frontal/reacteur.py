"""Twisted's reactor: started once per process, in a daemon thread, never stopped. Servers come and go on it.

A reactor cannot be restarted, so every `Frontal` of the process shares this one. Signals stay with the main thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

_verrou = threading.Lock()
_demarre = threading.Event()
JOURNAL = "sesam_desktop.frontal.courrier"


def demarrer() -> None:
    """Make sure the reactor runs; returns once it does."""
    with _verrou:
        if _demarre.is_set():
            return
        _journaliser()
        _reacteur().callWhenRunning(_demarre.set)
        threading.Thread(target=_tourner, name="frontal-courrier", daemon=True).start()
        _demarre.wait()


def appeler(fonction: Callable[..., Any], *arguments: Any) -> Any:
    """Run `fonction` on the reactor's thread and return what it (or its Deferred) gives."""
    from twisted.internet import threads

    return threads.blockingCallFromThread(_reacteur(), fonction, *arguments)


def _tourner() -> None:
    _reacteur().run(installSignalHandlers=False)


def _reacteur() -> Any:
    from twisted.internet import reactor

    return reactor


def _journaliser() -> None:
    """Twisted's own warnings and failures go to our log; its chatter (peers, addresses) goes nowhere."""
    from twisted.logger import (
        FilteringLogObserver,
        LogLevel,
        LogLevelFilterPredicate,
        STDLibLogObserver,
        globalLogBeginner,
    )

    seuil: Any = LogLevelFilterPredicate(defaultLogLevel=LogLevel.warn)
    sortie: Any = STDLibLogObserver(name=JOURNAL)
    observateur: Any = FilteringLogObserver(sortie, [seuil])
    globalLogBeginner.beginLoggingTo([observateur], redirectStandardIO=False, discardBuffer=True)
