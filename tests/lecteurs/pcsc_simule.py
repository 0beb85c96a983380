"""PC/SC in memory, with the habits of pcsc-lite: readers plugged and torn out, cards, a service that dies.

Its functions stand for pyscard's; what they return was checked against pcsc-lite 1.9.9 (source and behaviour).
"""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from smartcard import scard

from sesam_desktop.lecteurs.virtuel import CarteVirtuelle

BRANCHEMENT = "\\\\?PnP?\\Notification"
FONCTIONS = (
    "EstablishContext ReleaseContext Cancel ListReaders GetStatusChange Connect Reconnect BeginTransaction Transmit"
    " EndTransaction Disconnect"
)


@dataclass(eq=False)
class Sejour:
    """One stay of a card in a slot: handles opened on it die with it."""

    carte: CarteVirtuelle
    transaction: threading.Lock = field(default_factory=threading.Lock)


@dataclass(eq=False)
class Lecteur:
    """A slot, as long as its reader is plugged. PC/SC counts its stays from zero."""

    sejour: Sejour | None = None
    compteur: int = 0


@dataclass(eq=False)
class Poignee:
    """What SCardConnect gives."""

    service: object
    lecteur: Lecteur
    sejour: Sejour
    tient: bool = False


class PcscSimule:
    """Install it with `installer`, then plug readers and insert cards from any thread."""

    def __init__(self, *lecteurs: str, dit_les_branchements: bool = True) -> None:
        self._change = threading.Condition()
        self._lecteurs = {nom: Lecteur() for nom in lecteurs}
        self._service: object | None = object()
        self._contextes: dict[int, object] = {}
        self._annules: set[int] = set()
        self._numeros = itertools.count(1)
        self._dit_les_branchements = dit_les_branchements

    def installer(self, monkeypatch: pytest.MonkeyPatch) -> PcscSimule:
        for nom in FONCTIONS.split():
            monkeypatch.setattr(scard, f"SCard{nom}", getattr(self, f"SCard{nom}"))
        return self

    @property
    def contextes(self) -> int:
        """Contexts that nobody released."""
        return len(self._contextes)

    def brancher(self, nom: str, carte: CarteVirtuelle | None = None) -> None:
        with self._change:
            self._lecteurs[nom] = Lecteur()
            self._poser(self._lecteurs[nom], carte)

    def debrancher(self, nom: str) -> None:
        with self._change:
            self._poser(self._lecteurs.pop(nom), None)

    def inserer(self, nom: str, carte: CarteVirtuelle) -> None:
        with self._change:
            self._poser(self._lecteurs[nom], None)
            self._poser(self._lecteurs[nom], carte)

    def retirer(self, nom: str) -> None:
        with self._change:
            self._poser(self._lecteurs[nom], None)

    def arreter(self) -> None:
        with self._change:
            self._service = None
            self._change.notify_all()

    def relancer(self) -> None:
        """Everything is counted from zero again."""
        with self._change:
            self._service = object()
            for nom, lecteur in self._lecteurs.items():
                self._lecteurs[nom] = Lecteur()
                self._poser(self._lecteurs[nom], lecteur.sejour.carte if lecteur.sejour else None)

    def _poser(self, lecteur: Lecteur, carte: CarteVirtuelle | None) -> None:
        if carte is not None or lecteur.sejour is not None:
            lecteur.compteur += 1
        lecteur.sejour = Sejour(carte) if carte is not None else None
        self._change.notify_all()

    def SCardEstablishContext(self, _portee: int) -> tuple[int, int]:
        with self._change:
            numero = next(self._numeros)
            if self._service is None:
                return scard.SCARD_E_NO_SERVICE, 0
            self._contextes[numero] = self._service
            return 0, numero

    def SCardReleaseContext(self, contexte: int) -> int:
        with self._change:
            return 0 if self._contextes.pop(contexte, None) else scard.SCARD_E_INVALID_HANDLE

    def SCardCancel(self, contexte: int) -> int:
        with self._change:
            if contexte not in self._contextes:
                return scard.SCARD_E_INVALID_HANDLE
            self._annules.add(contexte)
            self._change.notify_all()
            return 0

    def SCardListReaders(self, contexte: int, _groupes: list[str]) -> tuple[int, list[str]]:
        with self._change:
            if not self._vit(contexte):
                return scard.SCARD_E_NO_SERVICE, []
            return (0 if self._lecteurs else scard.SCARD_E_NO_READERS_AVAILABLE), list(self._lecteurs)

    def SCardGetStatusChange(self, contexte: int, delai: int, demandes: list[tuple[str, int]]) -> tuple[int, list[Any]]:
        fin = time.monotonic() + delai / 1000
        with self._change:
            nombre = len(self._lecteurs)
            if not all(nom in self._lecteurs or self._est_branchement(nom) for nom, _ in demandes):
                return scard.SCARD_E_UNKNOWN_READER, [(nom, 0, []) for nom, _ in demandes]
            while True:
                etats = [self._etat(nom, connu, nombre) for nom, connu in demandes]
                if not self._vit(contexte):
                    return scard.SCARD_E_NO_SERVICE, etats
                if contexte in self._annules:
                    self._annules.discard(contexte)
                    return scard.SCARD_E_CANCELLED, etats
                if any(etat & scard.SCARD_STATE_CHANGED for _, etat, _ in etats):
                    return 0, etats
                if not self._change.wait(fin - time.monotonic()):
                    return scard.SCARD_E_TIMEOUT, etats

    def SCardConnect(self, contexte: int, nom: str, _partage: int, _protocoles: int) -> tuple[int, Any, int]:
        with self._change:
            lecteur = self._lecteurs.get(nom)
            if not self._vit(contexte):
                return scard.SCARD_E_NO_SERVICE, None, 0
            if lecteur is None:
                return scard.SCARD_E_UNKNOWN_READER, None, 0
            if lecteur.sejour is None:
                return scard.SCARD_E_NO_SMARTCARD, None, 0
            return 0, Poignee(self._service, lecteur, lecteur.sejour), scard.SCARD_PROTOCOL_T0

    def SCardReconnect(self, poignee: Poignee, *_: int) -> tuple[int, int]:
        return self._code(poignee), scard.SCARD_PROTOCOL_T0

    def SCardBeginTransaction(self, poignee: Poignee) -> int:
        while not poignee.sejour.transaction.acquire(timeout=0.01):
            if self._code(poignee):
                return self._code(poignee)
        poignee.tient = True
        return self._code(poignee)

    def SCardTransmit(self, poignee: Poignee, _protocole: int, apdu: list[int]) -> tuple[int, list[int]]:
        if self._code(poignee):
            return self._code(poignee), []
        reponse = list(poignee.sejour.carte.traiter(bytes(apdu)))
        return self._code(poignee), [] if self._code(poignee) else reponse

    def SCardEndTransaction(self, poignee: Poignee, _comment: int) -> int:
        if poignee.tient:
            poignee.tient = False
            poignee.sejour.transaction.release()
        return self._code(poignee)

    def SCardDisconnect(self, poignee: Poignee, comment: int) -> int:
        self.SCardEndTransaction(poignee, comment)
        if comment == scard.SCARD_RESET_CARD and not self._code(poignee):
            poignee.sejour.carte.reset()
        return self._code(poignee)

    def _vit(self, contexte: int) -> bool:
        return self._service is not None and self._contextes.get(contexte) is self._service

    def _est_branchement(self, nom: str) -> bool:
        return nom == BRANCHEMENT and self._dit_les_branchements

    def _code(self, poignee: Poignee) -> int:
        if poignee.service is not self._service:
            return scard.SCARD_E_NO_SERVICE
        if poignee.lecteur not in self._lecteurs.values():
            return scard.SCARD_E_READER_UNAVAILABLE
        return 0 if poignee.lecteur.sejour is poignee.sejour else scard.SCARD_W_REMOVED_CARD

    def _etat(self, nom: str, connu: int, nombre: int) -> tuple[str, int, list[int]]:
        if nom == BRANCHEMENT:
            return nom, scard.SCARD_STATE_CHANGED if len(self._lecteurs) != nombre else 0, []
        lecteur = self._lecteurs.get(nom)
        if lecteur is None:
            parti = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE
            return nom, parti | (0 if connu & scard.SCARD_STATE_UNKNOWN else scard.SCARD_STATE_CHANGED), []
        present = scard.SCARD_STATE_PRESENT if lecteur.sejour else scard.SCARD_STATE_EMPTY
        atr = list(lecteur.sejour.carte.atr) if lecteur.sejour else []
        muette = scard.SCARD_STATE_MUTE if lecteur.sejour and not atr else 0
        etat = lecteur.compteur << 16 | present | muette
        vu = connu & ~(scard.SCARD_STATE_CHANGED | scard.SCARD_STATE_INUSE)
        return nom, etat | (scard.SCARD_STATE_CHANGED if vu != etat else 0), atr
