"""What changed: services announce it after their commit, pages refresh from it. No page calls another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

journal = logging.getLogger(__name__)
Recepteur = Callable[[str], None]


class Changements:
    """A list of receivers told the name of what changed.

    Names: ``cartes``, ``factures``, ``lots``, ``retours``, ``pieces``, ``referentiels``, ``terminaux``,
    ``configuration``, ``paiements``.
    Receivers are called on the thread of the service that changed something: the window queues them to its own.
    """

    def __init__(self) -> None:
        self._recepteurs: list[Recepteur] = []
        self._verrou = threading.Lock()

    def abonner(self, recepteur: Recepteur) -> Callable[[], None]:
        """Add a receiver; the answer, called, removes it."""
        with self._verrou:
            self._recepteurs.append(recepteur)
        return lambda: self._retirer(recepteur)

    def annoncer(self, *quoi: str) -> None:
        """Tell every receiver. What failed in one of them is logged: the change itself is done, and was a success."""
        with self._verrou:
            recepteurs = list(self._recepteurs)
        for recepteur in recepteurs:
            for nom in quoi:
                try:
                    recepteur(nom)
                except Exception:  # noqa: BLE001 - a page's bug must not have an invoice signed twice
                    journal.exception("un abonné a échoué à l'annonce de « %s »", nom)

    def _retirer(self, recepteur: Recepteur) -> None:
        with self._verrou:
            if recepteur in self._recepteurs:
                self._recepteurs.remove(recepteur)
