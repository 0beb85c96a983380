"""Readers made of nothing: the same interface as PC/SC over cards that live in this program (demonstration, tests)."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sesam_desktop.noyau.erreurs import ErreurConnue

from .canal import (
    Etat,
    Fente,
    Recepteur,
    SessionCarte,
    carte_absente,
    carte_muette,
    carte_occupee,
    carte_retiree,
    fente_avec_carte,
    lecteur_absent,
)


class CarteVirtuelle(Protocol):
    """A chip in memory. An empty `atr` is a mute card."""

    @property
    def atr(self) -> bytes: ...

    def traiter(self, apdu: bytes) -> bytes:
        """Answer one command: data then status word."""

    def reset(self) -> None:
        """Forget everything a power cut makes a chip forget."""


@dataclass
class _Passage:
    """One stay of a card in a slot (or of nothing): replaced whole at each insertion and removal."""

    carte: CarteVirtuelle | None
    rang: int = 0
    prise: threading.Lock = field(default_factory=threading.Lock)


class CanalVirtuel:
    """Slots named by the caller. Cards, readers and the service come and go from any thread, at any time."""

    nom = "virtuel"

    def __init__(self, lecteurs: Mapping[str, CarteVirtuelle | None]) -> None:
        self._condition = threading.Condition()
        self._passages = {nom: _Passage(carte) for nom, carte in lecteurs.items()}
        self._debranches: dict[str, int] = {}    # count of passages of the readers that left
        self._arret: ErreurConnue | None = None
        self._ferme = False

    def inserer(self, lecteur: str, carte: CarteVirtuelle) -> None:
        """Put a card in; a card already there leaves first."""
        self._poser(lecteur, carte)

    def retirer(self, lecteur: str) -> None:
        """Take the card out, even in the middle of an exchange."""
        self._poser(lecteur, None)

    def debrancher(self, lecteur: str) -> None:
        """Unplug a reader, its card in. Harmless twice."""
        with self._condition:
            if lecteur in self._passages:
                self._debranches[lecteur] = self._passages.pop(lecteur).rang
                self._condition.notify_all()

    def brancher(self, lecteur: str) -> None:
        """Plug a reader, or plug it back: nothing is in it. Harmless twice."""
        with self._condition:
            if lecteur not in self._passages:
                self._passages[lecteur] = _Passage(None, self._debranches.pop(lecteur, -1) + 1)
                self._condition.notify_all()

    def arreter(self, panne: ErreurConnue) -> None:
        """The service stops: every call raises `panne` until `demarrer`, every session has lost its card."""
        with self._condition:
            self._arret = panne
            for lecteur, passage in self._passages.items():
                self._passages[lecteur] = _Passage(passage.carte, passage.rang + 1)
            self._condition.notify_all()

    def demarrer(self) -> None:
        """The service is back, cards where they were left."""
        with self._condition:
            self._arret = None

    def fentes(self) -> list[Fente]:
        with self._condition:
            return self._toutes()

    def connecter(self, lecteur: str) -> SessionCarte:
        with self._condition:
            if self._arret is not None:
                raise self._arret
            passage = self._passage(lecteur)
            if passage.carte is None:
                raise carte_absente(lecteur)
            if not passage.carte.atr:
                raise carte_muette(lecteur)
            if not passage.prise.acquire(blocking=False):
                raise carte_occupee(lecteur)
            passage.carte.reset()
            return SessionVirtuelle(self, self._fente(lecteur), passage)

    def surveiller(self, recepteur: Recepteur) -> None:
        vues: list[Fente] | None = None
        while not self._ferme:
            with self._condition:
                actuelles = self._toutes()
                if actuelles == vues:
                    self._condition.wait()
                    continue
            recepteur(actuelles)
            vues = actuelles

    def fermer(self) -> None:
        with self._condition:
            self._ferme = True
            self._condition.notify_all()

    def carte_de(self, lecteur: str, passage: _Passage) -> CarteVirtuelle:
        """The card of that very stay. Raises CARTE_RETIREE once it left, whatever is in the slot now."""
        if self._passages.get(lecteur) is not passage or passage.carte is None:
            raise carte_retiree(lecteur)
        return passage.carte

    def _poser(self, lecteur: str, carte: CarteVirtuelle | None) -> None:
        with self._condition:
            self._passages[lecteur] = _Passage(carte, self._passage(lecteur).rang + 1)
            self._condition.notify_all()

    def _passage(self, lecteur: str) -> _Passage:
        if self._ferme or lecteur not in self._passages:
            raise lecteur_absent(lecteur)
        return self._passages[lecteur]

    def _toutes(self) -> list[Fente]:
        if self._arret is not None:
            raise self._arret
        return [self._fente(nom) for nom in self._passages]

    def _fente(self, lecteur: str) -> Fente:
        passage = self._passages[lecteur]
        if passage.carte is None:
            return Fente(self.nom, lecteur, Etat.VIDE, passage=passage.rang)
        return fente_avec_carte(self.nom, lecteur, passage.carte.atr, passage.rang)


class SessionVirtuelle:
    """Ends with the stay of its card: another card in the same slot never answers it."""

    def __init__(self, canal: CanalVirtuel, fente: Fente, passage: _Passage) -> None:
        self._canal = canal
        self._passage = passage
        self._ouverte = True
        self.fente = fente

    def __enter__(self) -> SessionVirtuelle:
        return self

    def __exit__(self, *_: object) -> None:
        self.fermer()

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        if not self._ouverte:
            raise carte_retiree(self.fente.lecteur)
        reponse = self._canal.carte_de(self.fente.lecteur, self._passage).traiter(apdu)
        self._canal.carte_de(self.fente.lecteur, self._passage)
        return reponse[:-2], int.from_bytes(reponse[-2:], "big")

    def fermer(self) -> None:
        if self._ouverte:
            self._ouverte = False
            self._passage.prise.release()
