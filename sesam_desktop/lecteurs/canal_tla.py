"""Portable terminals in memory, on their cradles: a channel without any slot, whose readers have software."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from .canal import Fente, Recepteur, SessionCarte, carte_absente, lecteur_absent

Traitement = Callable[[bytes], bytes]


class CanalTla:
    """Cradles named by the caller; `poser` and `enlever` may be called from any thread, at any time."""

    nom = "tla"

    def __init__(self, terminaux: Mapping[str, Traitement] | None = None) -> None:
        self._terminaux = dict(terminaux or {})
        self._ferme = threading.Event()

    def poser(self, socle: str, traiter: Traitement) -> None:
        """Put a terminal on this cradle."""
        self._terminaux = {**self._terminaux, socle: traiter}

    def enlever(self, socle: str) -> None:
        """Take away the one that is there."""
        self._terminaux = {nom: traiter for nom, traiter in self._terminaux.items() if nom != socle}

    def fentes(self) -> list[Fente]:
        return []

    def connecter(self, lecteur: str) -> SessionCarte:
        raise carte_absente(lecteur)

    def surveiller(self, recepteur: Recepteur) -> None:
        recepteur([])
        self._ferme.wait()

    def fermer(self) -> None:
        self._ferme.set()

    def logiciels(self) -> list[str]:
        return [] if self._ferme.is_set() else list(self._terminaux)

    def dialoguer(self, lecteur: str, message: bytes, delai: float) -> bytes:
        traiter = self._terminaux.get(lecteur)
        if traiter is None or self._ferme.is_set():
            raise lecteur_absent(lecteur)
        return traiter(message)
