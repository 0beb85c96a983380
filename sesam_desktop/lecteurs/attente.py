"""A bounded wait on something that may hang (a driver, another program's transaction)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from sesam_desktop.noyau.erreurs import ErreurConnue

T = TypeVar("T")


def _garder(_: object) -> None:
    """Nothing to undo."""


def borner(
    fonction: Callable[[], T], delai: float, retard: ErreurConnue, defaire: Callable[[T], object] = _garder
) -> T:
    """Result of `fonction`, run apart, within `delai` seconds; else `retard` is raised.

    A result that comes too late goes to `defaire` (on the other thread), so that nothing stays taken.
    """
    issue: Future[T] = Future()

    def courir() -> None:
        try:
            resultat = fonction()
        except BaseException as erreur:  # noqa: BLE001 - carried to the waiting thread as it is
            if issue.set_running_or_notify_cancel():
                issue.set_exception(erreur)
            return
        if issue.set_running_or_notify_cancel():
            issue.set_result(resultat)
        else:
            defaire(resultat)

    threading.Thread(target=courir, name="lecteurs-attente", daemon=True).start()
    try:
        return issue.result(delai)
    except TimeoutError:
        if issue.cancel():
            raise retard from None
        return issue.result()
