"""A TCP relay that cuts the line once the server has said so many bytes: in the middle of what it was saying."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Coupeur:
    """`dits`: bytes the server said through here; the line is cut at `apres` of them, never when None."""

    def __init__(self, cible: int, apres: int | None) -> None:
        self._cible, self._apres = cible, apres
        self._prise = socket.create_server(("127.0.0.1", 0))
        self._lignes: list[socket.socket] = []
        self.port = int(self._prise.getsockname()[1])
        self.dits = 0
        self._fils = [threading.Thread(target=self._accueillir, daemon=True)]
        self._fils[0].start()

    def fermer(self) -> None:
        with suppress(OSError):
            self._prise.shutdown(socket.SHUT_RDWR)
        self._prise.close()
        self._couper()
        for fil in list(self._fils):
            fil.join(5)

    def _accueillir(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._prise.accept()
                serveur = socket.create_connection(("127.0.0.1", self._cible))
                self._lignes += [client, serveur]
                for de, vers, compte in ((client, serveur, False), (serveur, client, True)):
                    fil = threading.Thread(target=self._relayer, args=(de, vers, compte), daemon=True)
                    self._fils.append(fil)
                    fil.start()

    def _relayer(self, de: socket.socket, vers: socket.socket, compte: bool) -> None:
        with suppress(OSError):
            while bloc := de.recv(512):
                if compte and self._apres is not None and self.dits + len(bloc) >= self._apres:
                    vers.sendall(bloc[: self._apres - self.dits])
                    self.dits = self._apres
                    break
                self.dits += len(bloc) if compte else 0
                vers.sendall(bloc)
        self._couper()

    def _couper(self) -> None:
        for ligne in self._lignes:
            with suppress(OSError):
                ligne.shutdown(socket.SHUT_RDWR)
            ligne.close()


@contextmanager
def coupeur(cible: int, apres: int | None = None) -> Iterator[Coupeur]:
    """The relay, for the time of the block."""
    relais = Coupeur(cible, apres)
    try:
        yield relais
    finally:
        relais.fermer()
