"""Invoice numbers already met in a file: exact, whatever its size, in bounded memory.

A few tens of thousands are kept in memory; more go to a temporary database on disk, which vanishes with its connection
and whose cache is bounded. No number is ever forgotten.
"""

from __future__ import annotations

import sqlite3

from sesam_desktop.noyau.erreurs import ErreurConnue

EN_MEMOIRE = 50_000


class Numeros:
    """The set of (partner, invoice number), both of nine digits."""

    def __init__(self, en_memoire: int | None = None) -> None:
        self._en_memoire = EN_MEMOIRE if en_memoire is None else en_memoire
        self._recents: set[int] = set()
        self._base: sqlite3.Connection | None = None

    def ajouter(self, partenaire: str, numero: str) -> bool:
        """False when this number was already there."""
        cle = int(partenaire + numero)
        if cle in self._recents or self._sur_disque(cle):
            return False
        self._recents.add(cle)
        if len(self._recents) > self._en_memoire:
            self._deverser()
        return True

    def fermer(self) -> None:
        """Give the disk back."""
        if self._base:
            self._base.close()

    def _sur_disque(self, cle: int) -> bool:
        if self._base is None:
            return False
        return self._base.execute("SELECT 1 FROM numero WHERE cle = ?", (cle,)).fetchone() is not None

    def _deverser(self) -> None:
        try:
            if self._base is None:
                self._base = sqlite3.connect("")  # no name: a file that SQLite removes by itself
                self._base.execute("PRAGMA journal_mode = OFF")
                self._base.execute("CREATE TABLE numero (cle INTEGER PRIMARY KEY)")
            self._base.executemany("INSERT INTO numero VALUES (?)", ((cle,) for cle in sorted(self._recents)))
        except sqlite3.Error:
            message = "Le disque n'a pas la place de suivre les numéros de facture de ce fichier."
            action = "Libérez de la place dans le dossier temporaire, puis recommencez."
            raise ErreurConnue(message, code="DISQUE_PLEIN", action=action) from None
        self._recents.clear()
