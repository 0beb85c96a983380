"""One thread for one native library: these libraries are not made for several threads, and some calls never come back.

The thread is the readers' worker: a call that lasts longer than it may is left to itself, its caller gets a sentence,
and the next ones are refused at once until it comes back. Nothing in Python can stop a thread inside a library.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sesam_desktop.lecteurs.ouvrier import Ouvrier, Tache, garder
from sesam_desktop.noyau.erreurs import ErreurConnue

T = TypeVar("T")


class FilDedie:
    """Runs what is given to it, one at a time. `nom` says in sentences what may hang, `code` is their error code."""

    def __init__(self, nom: str, code: str) -> None:
        self._nom, self._code = nom, code
        self._processus = os.getpid()
        self._ouvrier = Ouvrier("bibliotheque-native")

    def faire(self, travail: Callable[[], T], delai: float, defaire: Callable[[T], object] = garder) -> T:
        """Result of `travail` within `delai` seconds. Raises `code`, or what it raised.

        The result of a call that comes back too late is given to `defaire`, so that nothing stays open.
        """
        if self._processus != os.getpid():  # threads do not survive a fork: nobody would ever answer
            raise self._refus("appartient à un autre processus")
        tache = Tache(lambda _: travail(), lambda: self._refus("ne répond pas"), defaire)
        return self._ouvrier.faire(tache, delai)

    def finir(self, travail: Callable[[], object], delai: float) -> None:
        """Do `travail` after what is under way, however long that takes; wait for it `delai` seconds at most."""
        if self._processus != os.getpid():
            raise self._refus("appartient à un autre processus")
        tache = Tache(lambda _: travail(), lambda: self._refus("ne répond pas"), obligatoire=True)
        self._ouvrier.deposer(tache)
        self._ouvrier.attendre(tache, delai)

    def _refus(self, quoi: str) -> ErreurConnue:
        return ErreurConnue(
            f"{self._nom} {quoi}.", code=self._code,
            action="Retirez puis réinsérez la carte ; si cela persiste, redémarrez le programme.",
        )


_FILS: dict[str, FilDedie] = {}
_VERROU = threading.Lock()


def fil_de(bibliotheque: Path, nom: str, code: str) -> FilDedie:
    """The thread of this library: always the same one, as a library is loaded once in a process."""
    cle = str(bibliotheque.resolve())
    with _VERROU:
        if cle not in _FILS:
            _FILS[cle] = FilDedie(nom, code)
        return _FILS[cle]
