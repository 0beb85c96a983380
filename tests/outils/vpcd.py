"""Plug a virtual card into a slot of vsmartcard's vpcd: the card is a TCP client of the reader.

    with brancher(VitaleVirtuelle.depuis(carte), fente=0):
        ...  # the card is in the reader « Virtual PCD 00 00 » until the block ends

Frames: two-byte length, then one byte of control (00 off, 01 on, 02 reset, 04 ATR) or a command.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sesam_desktop.lecteurs.virtuel import CarteVirtuelle

PORTS = (35963, 35964)
LECTEURS = ("Virtual PCD 00 00", "Virtual PCD 00 01")
PERIODE = 0.45  # pcscd looks every 0.4 s: a card replaced in between would be the same one for it
_ARRET, _MARCHE, _RESET, _ATR = 0x00, 0x01, 0x02, 0x04


class CarteBranchee:
    """One card in one slot. `arracher_apres` tears it out instead of answering the n-th command from now.

    A mute card is present but never wakes up: it drops the line at each power on and is there again at once.
    """

    def __init__(self, carte: CarteVirtuelle, fente: int, *, muette: bool = False, delai: float = 5.0) -> None:
        self._carte = carte
        self._muette = muette
        self._port = PORTS[fente]
        self._avant_arrachage: int | None = None
        self._prise = _connecter(self._port, delai)
        self._fil = threading.Thread(target=self._servir, name=f"vpcd-{fente}", daemon=True)
        self._fil.start()

    def arracher_apres(self, commandes: int) -> None:
        self._avant_arrachage = commandes

    def retirer(self) -> None:
        """Take the card out, now."""
        with contextlib.suppress(OSError):
            self._prise.shutdown(socket.SHUT_RDWR)
        self._prise.close()
        if self._fil is not threading.current_thread():
            self._fil.join(5)

    def _servir(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                self._repondre(self._recevoir())

    def _repondre(self, trame: bytes) -> None:
        if len(trame) > 1:
            self._compter()
            self._envoyer(self._carte.traiter(trame))
        elif trame[0] == _ATR:
            self._envoyer(self._carte.atr)
        elif trame[0] == _MARCHE and self._muette:
            ancienne, self._prise = self._prise, _connecter(self._port, 5.0)
            ancienne.close()
        elif trame[0] in (_ARRET, _MARCHE, _RESET):
            self._carte.reset()

    def _compter(self) -> None:
        if self._avant_arrachage is None:
            return
        self._avant_arrachage -= 1
        if self._avant_arrachage <= 0:
            self.retirer()
            raise EOFError

    def _recevoir(self) -> bytes:
        longueur = int.from_bytes(self._lire(2), "big")
        return self._lire(longueur) or b"\xff"

    def _lire(self, nombre: int) -> bytes:
        """vpcd writes length and body apart: without QUICKACK each command would cost 44 ms."""
        recu = b""
        while len(recu) < nombre:
            if hasattr(socket, "TCP_QUICKACK"):
                self._prise.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            morceau = self._prise.recv(nombre - len(recu))
            if not morceau:
                raise EOFError
            recu += morceau
        return recu

    def _envoyer(self, octets: bytes) -> None:
        self._prise.sendall(len(octets).to_bytes(2, "big") + octets)


@contextmanager
def brancher(carte: CarteVirtuelle, fente: int = 0, *, muette: bool = False) -> Iterator[CarteBranchee]:
    """The card is in the slot for the time of the block, which ends when pcscd has seen it leave."""
    branchee = CarteBranchee(carte, fente, muette=muette)
    try:
        yield branchee
    finally:
        branchee.retirer()
        time.sleep(PERIODE)


def _connecter(port: int, delai: float) -> socket.socket:
    """The reader listens as soon as pcscd has loaded it."""
    fin = time.monotonic() + delai
    while True:
        try:
            prise = socket.create_connection(("127.0.0.1", port), timeout=delai)
        except OSError:
            if time.monotonic() >= fin:
                raise
            time.sleep(0.05)
        else:
            prise.settimeout(None)
            prise.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return prise
