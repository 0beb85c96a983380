"""Trace of the exchanges with the cards, made on demand for support.

One line an exchange: which command, how long, which answer. Never a byte of what is sent or received: a code porteur, a
name or a NIR cannot be in it.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from datetime import datetime
from pathlib import Path

journal = logging.getLogger(__name__)

TAILLE_MAXIMALE = 8 << 20


class Trace:
    """Appends to a file that only its owner reads. A disk that refuses ends the trace, never the reading."""

    def __init__(self, chemin: Path) -> None:
        self.chemin = chemin
        self._verrou = threading.Lock()
        self._flux = chemin.open("a", encoding="utf-8", buffering=1)
        self._place = TAILLE_MAXIMALE - chemin.stat().st_size
        chemin.chmod(0o600)

    def noter(self, lecteur: str, commande: bytes, reponse: int, issue: str, duree_s: float) -> None:
        """`reponse` is the number of bytes received; `issue` the status word, or the code of what went wrong."""
        instant = datetime.now().astimezone().isoformat(timespec="milliseconds")
        entete = commande[:4].hex(" ").upper()
        donnees = commande[4] if len(commande) > 5 else 0
        ligne = f"{instant} [{lecteur}] {entete} Lc={donnees} -> {reponse} {issue} {duree_s * 1000:.1f} ms\n"
        with self._verrou:
            self._ecrire(ligne)

    def fermer(self) -> None:
        """Nothing is written afterwards."""
        with self._verrou:
            self._clore()

    def _ecrire(self, ligne: str) -> None:
        if self._flux.closed:
            return
        self._place -= len(ligne.encode())
        try:
            self._flux.write(ligne if self._place > 0 else "trace arrêtée : le fichier est plein\n")
            if self._place <= 0:
                self._clore()
        except OSError as erreur:
            journal.warning("la trace des lecteurs s'arrête : %s", erreur.strerror)
            self._clore()

    def _clore(self) -> None:
        with contextlib.suppress(OSError):  # what could not be written is tried again, and fails again
            self._flux.close()
