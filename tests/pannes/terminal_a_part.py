"""A portable terminal in a process of its own, that outlives the workstation: ``python -m tests.pannes.terminal_a_part
PROFIL PRISE``. One message a time over a local socket, with the latency of a cable; a workstation that dies in the
middle of a message leaves it ready for the next one. ``visiter`` has every invoice loaded signed at home.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel, sans_reponse
from sesam_desktop.poste.demonstration import EnvironnementDemonstration
from tests.outils.terminal_tla import vitale

LATENCE_S = 0.004
VISITER = b"visiter"
PATIENT = "assure"


class Cable:
    """The workstation's end: what a channel's reader answers with. Plugged in for one message at a time."""

    def __init__(self, prise: str) -> None:
        self._prise = prise

    def __call__(self, message: bytes) -> bytes:
        with Client(self._prise, "AF_UNIX") as liaison:
            liaison.send_bytes(message)
            if not liaison.poll(10):
                raise sans_reponse()
            return liaison.recv_bytes()


def visiter(terminal: TerminalVirtuel, profil: Path) -> None:
    carte = vitale(EnvironnementDemonstration(profil), PATIENT)
    for facture in terminal.factures():
        terminal.signer(facture.numero, carte)


def servir(liaison: Connection, terminal: TerminalVirtuel, profil: Path) -> None:
    while True:
        message = liaison.recv_bytes()
        time.sleep(LATENCE_S)
        if message == VISITER:
            visiter(terminal, profil)
            liaison.send_bytes(VISITER)
        else:
            liaison.send_bytes(terminal.traiter(message))


def main(profil: str, prise: str) -> None:
    terminal = TerminalVirtuel(capacite=1 << 22)
    with Listener(prise, "AF_UNIX") as ecoute:
        print("sur son socle", flush=True)
        while True:
            with ecoute.accept() as liaison, suppress(EOFError, OSError):
                servir(liaison, terminal, Path(profil))


if __name__ == "__main__":
    main(*sys.argv[1:])
