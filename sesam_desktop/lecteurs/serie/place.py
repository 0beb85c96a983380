"""What is known of one slot of a serial reader: which card is in, since which passage."""

from __future__ import annotations

import threading

from sesam_desktop.lecteurs.canal import Etat, Fente, fente_avec_carte

from .ligne import Repere


class Place:
    """`prise` is held by the session that talks to the card. `compteur` is the reader's, `passage` ours."""

    def __init__(self, canal: str, nom: str, pad: int, lad: int) -> None:
        self.nom, self.pad, self.lad = nom, pad, lad
        self.prise = threading.Lock()
        self._canal = canal
        self._verrou = threading.Lock()
        self._carte: tuple[int, Repere] | None = None
        self._atr = b""
        self._passage = 0

    def fente(self) -> Fente:
        with self._verrou:
            if self._carte is None:
                return Fente(self._canal, self.nom, Etat.VIDE, passage=self._passage)
            return fente_avec_carte(self._canal, self.nom, self._atr, self._passage)

    def tient(self, compteur: int, repere: Repere) -> bool:
        """The same stay of the same card, on a reader that did not lose power meanwhile."""
        return self._carte == (compteur, repere)

    def remplir(self, compteur: int, repere: Repere, atr: bytes) -> Fente:
        """A card is in; it replaces another one unless it is the same stay."""
        with self._verrou:
            if (self._carte, self._atr) != ((compteur, repere), atr):
                self._passage += 1
            self._carte, self._atr = (compteur, repere), atr
        return self.fente()

    def vider(self) -> None:
        """No card, or one that is not known yet."""
        with self._verrou:
            if self._carte is not None:
                self._passage += 1
            self._carte, self._atr = None, b""
