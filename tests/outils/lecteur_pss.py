"""A bi-slot reader at the end of a serial line, that behaves, or misbehaves on order.

    with LecteurPss(tmp_path / "COM3", {2: {1: cps(), 2: vitale()}}) as lecteur:
        lecteur.moteur.fautes.append(bruit_avant(b"\\x00\\x11"))
        ...  # talk to it through the path

Blocks are written here by code of its own (T=1 seen from the reader), so that both ends can prove each other wrong.
"""

from __future__ import annotations

import binascii
import contextlib
import os
import select
import threading
import time
import tty
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from sesam_desktop.lecteurs.virtuel import CarteVirtuelle

POSTE = 0x0F
SILENCE = 0.03
_RETOURNE = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))


def controle(octets: bytes) -> bytes:
    """CRC of ISO/IEC 13239 by the standard library's CCITT one, bits reversed both ways."""
    droit = binascii.crc_hqx(octets.translate(_RETOURNE), 0xFFFF) ^ 0xFFFF
    return droit.to_bytes(2, "big").translate(_RETOURNE)


@dataclass
class Emission:
    """Bytes sent after a while."""

    octets: bytes
    retard: float = 0.0


Faute = Callable[["MoteurPss", int, bytes], list[Emission]]
"""What happens to one frame that the reader was about to send on the line of this PAD."""


@dataclass
class Fente:
    """One slot. `compteur` moves at each insertion, as the field's readers do."""

    carte: CarteVirtuelle | None = None
    compteur: int = 0
    sous_tension: bool = False

    def etat(self) -> int:
        if self.carte is None:
            return 0
        return 3 if self.sous_tension else 1


@dataclass
class Bout:
    """The reader's end of the link with one PAD. Not `ouvert`: just powered, it wants a fresh start before anything."""

    attendu: int = 0
    numero: int = 0
    taille: int = 32
    entrant: bytes = b""
    sortie: list[bytes] = field(default_factory=list)
    dernier: tuple[int, bytes] | None = None
    en_vol: bool = False
    ouvert: bool = False


class MoteurPss:
    """The reader without its line: bytes in, emissions out. Nothing here waits."""

    def __init__(self, fentes: dict[int, dict[int, CarteVirtuelle | None]]) -> None:
        self.fentes = {pad: {lad: Fente(c) for lad, c in lads.items()} for pad, lads in fentes.items()}
        self.bouts = {pad: Bout() for pad in fentes}
        self.fautes: deque[Faute | None] = deque()
        self.sourd: deque[bool] = deque()  # frames of the workstation that arrive damaged
        self.prolongations: deque[tuple[int, float]] = deque()  # (multiplier, time the card really takes)
        self.logiciel: Callable[[bytes], bytes] | None = None
        self.recus: list[bytes] = []
        self.executes: list[bytes] = []
        self.taille_demandee = 0
        self._tampon = b""
        self._retard = 0.0

    def inserer(self, pad: int, lad: int, carte: CarteVirtuelle) -> None:
        fente = self.fentes[pad][lad]
        fente.carte, fente.sous_tension, fente.compteur = carte, False, (fente.compteur + 1) % 256

    def retirer(self, pad: int, lad: int) -> None:
        self.fentes[pad][lad].carte, self.fentes[pad][lad].sous_tension = None, False

    def couper(self) -> None:
        """Power lost: the reader forgets everything, its counters too."""
        for pad, lads in self.fentes.items():
            self.bouts[pad] = Bout()
            for fente in lads.values():
                fente.sous_tension, fente.compteur = False, 0
        self._tampon = b""

    def entrer(self, octets: bytes) -> list[Emission]:
        """Bytes from the workstation."""
        self._tampon += octets
        emissions: list[Emission] = []
        while (trame := self._trame()) is not None:
            emissions += self._traiter(trame)
        return emissions

    def silence(self) -> list[Emission]:
        """The line is idle: a frame that never ended is asked for again."""
        if not self._tampon:
            return []
        pad, self._tampon = self._tampon[0] >> 4, b""
        return self._refuser(pad, 1) if pad in self.bouts else []

    def _trame(self) -> bytes | None:
        while self._tampon and (self._tampon[0] & 0x0F != POSTE or self._tampon[0] >> 4 not in self.bouts):
            self._tampon = self._tampon[1:]
        if len(self._tampon) < 3 or len(self._tampon) < self._tampon[2] + 5:
            return None
        fin = self._tampon[2] + 5
        trame, self._tampon = self._tampon[:fin], self._tampon[fin:]
        return trame

    def _traiter(self, trame: bytes) -> list[Emission]:
        self.recus.append(trame)
        pad = trame[0] >> 4
        abimee = self.sourd.popleft() if self.sourd else False
        if abimee or controle(trame[:-2]) != trame[-2:]:
            return self._refuser(pad, 1)
        pcb, info = trame[1], trame[3:-2]
        if not self.bouts[pad].ouvert and pcb not in (0xC0, 0xE0):
            return self._emettre(pad, 0xC0, b"", garder=False)
        if pcb < 0x80:
            return self._bloc_i(pad, pcb, info)
        return self._bloc_r(pad, pcb) if pcb < 0xC0 else self._bloc_s(pad, pcb, info)

    def _bloc_i(self, pad: int, pcb: int, info: bytes) -> list[Emission]:
        bout = self.bouts[pad]
        if pcb >> 6 & 1 != bout.attendu:
            return self._repeter(pad)
        bout.attendu ^= 1
        bout.en_vol = False
        bout.entrant += info
        if pcb & 0x20:
            return self._emettre(pad, 0x80 | bout.attendu << 4, b"")
        message, bout.entrant = bout.entrant, b""
        reponse = self._executer(pad, message)
        bout.sortie = [reponse[i : i + bout.taille] for i in range(0, len(reponse), bout.taille)] or [b""]
        if self.prolongations:
            multiple, self._retard = self.prolongations.popleft()
            return self._emettre(pad, 0xC3, bytes([multiple]))
        if self.taille_demandee:
            taille, self.taille_demandee = self.taille_demandee, 0
            return self._emettre(pad, 0xC1, bytes([taille]))
        return self._suite(pad)

    def _suite(self, pad: int) -> list[Emission]:
        """The next piece of the answer."""
        bout = self.bouts[pad]
        morceau = bout.sortie.pop(0)
        pcb = bout.numero << 6 | bool(bout.sortie) << 5
        bout.numero ^= 1
        bout.en_vol = True
        return self._emettre(pad, pcb, morceau)

    def _bloc_r(self, pad: int, pcb: int) -> list[Emission]:
        bout, demande = self.bouts[pad], pcb >> 4 & 1
        if bout.dernier is not None and bout.dernier[0] >= 0xC0:
            return self._repeter(pad)
        if bout.en_vol and demande != bout.numero:
            return self._repeter(pad)
        if bout.en_vol and bout.sortie:
            return self._suite(pad)
        return self._refuser(pad, 0)

    def _bloc_s(self, pad: int, pcb: int, info: bytes) -> list[Emission]:
        bout = self.bouts[pad]
        if pcb in (0xC0, 0xE0):
            self.bouts[pad] = Bout(ouvert=True)
        if pcb == 0xC1:
            bout.taille = info[0]
        if pcb == 0xC2:
            bout.sortie, bout.en_vol = [], False
        if pcb < 0xE0:
            return self._emettre(pad, pcb | 0x20, info)
        if pcb in (0xE1, 0xE3) and bout.sortie and not bout.en_vol:
            retard, self._retard = self._retard, 0.0
            suite = self._suite(pad)
            suite[0].retard += retard
            return suite
        return []

    def _repeter(self, pad: int) -> list[Emission]:
        dernier = self.bouts[pad].dernier
        return self._refuser(pad, 2) if dernier is None else self._emettre(pad, *dernier)

    def _refuser(self, pad: int, faute: int) -> list[Emission]:
        """Ask for what is expected. Never remembered: it is not what the workstation may ask for again."""
        return self._emettre(pad, 0x80 | self.bouts[pad].attendu << 4 | faute, b"", garder=False)

    def _emettre(self, pad: int, pcb: int, info: bytes, *, garder: bool = True) -> list[Emission]:
        bout = self.bouts[pad]
        if pcb >= 0x80 and pcb < 0xC0 and garder:
            bout.en_vol = False
        if garder:
            bout.dernier = (pcb, info)
        octets = trame(pad, pcb, info)
        faute = self.fautes.popleft() if self.fautes else None
        return [Emission(octets)] if faute is None else faute(self, pad, octets)

    def _executer(self, pad: int, message: bytes) -> bytes:
        self.executes.append(message)
        if len(message) < 2 or message[0] or (message[1] and message[1] not in self.fentes[pad]):
            return b"\x01\x00\x00"
        if message[1] == 0:
            return self._logiciel(message[2:])
        fente = self.fentes[pad][message[1]]
        statut, donnees = self._commander(fente, message[2:])
        return bytes([statut, fente.etat(), fente.compteur]) + donnees

    def _logiciel(self, message: bytes) -> bytes:
        if self.logiciel is None:
            return b"\x17\x00\x00"
        return b"\x00\x00\x00" + (b"" if message == b"\x16" else self.logiciel(message))

    @staticmethod
    def _commander(fente: Fente, ordre: bytes) -> tuple[int, bytes]:
        if ordre[:1] == b"\x16":
            return 0x00, b""
        if fente.carte is None:
            return 0x17, b""
        if ordre[:1] == b"\x14":
            fente.carte.reset()
            fente.sous_tension = bool(fente.carte.atr)
            return (0x00, fente.carte.atr) if fente.carte.atr else (0x11, b"")
        if ordre[:1] == b"\x15":
            fente.sous_tension = False
            return 0x00, b""
        if not ordre or ordre[0] > 2:
            return 0x02, b""
        if ordre[1] != fente.compteur:
            return 0x16, b""
        return (0x00, fente.carte.traiter(ordre[2:])) if fente.sous_tension else (0x04, b"")


def trame(pad: int, pcb: int, info: bytes = b"") -> bytes:
    """A frame of the reader."""
    octets = bytes([POSTE << 4 | pad, pcb, len(info)]) + info
    return octets + controle(octets)


def bruit_avant(bruit: bytes) -> Faute:
    return lambda moteur, pad, octets: [Emission(bruit + octets)]


def bruit_dedans(bruit: bytes, ou: int) -> Faute:
    return lambda moteur, pad, octets: [Emission(octets[: ou % len(octets)] + bruit + octets[ou % len(octets) :])]


def perdre(ou: int, nombre: int = 1) -> Faute:
    return lambda moteur, pad, octets: [Emission(octets[: ou % len(octets)] + octets[ou % len(octets) + nombre :])]


def abimer(ou: int, masque: int = 0x01) -> Faute:
    """Flip bits of one byte; -1 is the last one of the CRC."""

    def faute(moteur: MoteurPss, pad: int, octets: bytes) -> list[Emission]:
        abimes = bytearray(octets)
        abimes[ou % len(octets)] ^= masque
        return [Emission(bytes(abimes))]

    return faute


def taire(moteur: MoteurPss, pad: int, octets: bytes) -> list[Emission]:
    return []


def doubler(moteur: MoteurPss, pad: int, octets: bytes) -> list[Emission]:
    return [Emission(octets), Emission(octets)]


def tarder(retard: float) -> Faute:
    return lambda moteur, pad, octets: [Emission(octets, retard)]


def resynchroniser(moteur: MoteurPss, pad: int, octets: bytes) -> list[Emission]:
    """The reader wants to start again instead of answering."""
    moteur.bouts[pad] = Bout()
    return [Emission(trame(pad, 0xC0))]


def abandonner(moteur: MoteurPss, pad: int, octets: bytes) -> list[Emission]:
    return [Emission(trame(pad, 0xC2))]


def redemarrer(moteur: MoteurPss, pad: int, octets: bytes) -> list[Emission]:
    """Power lost in the middle of a frame."""
    moteur.couper()
    return [Emission(octets[: len(octets) // 2])]


def arracher(lad: int) -> Faute:
    """The card leaves, and its answer with it."""

    def faute(moteur: MoteurPss, pad: int, octets: bytes) -> list[Emission]:
        moteur.retirer(pad, lad)
        return [Emission(octets)]

    return faute


def substituer(lad: int, carte: CarteVirtuelle) -> Faute:
    """Another card takes its place, in silence, once the answer left."""

    def faute(moteur: MoteurPss, pad: int, octets: bytes) -> list[Emission]:
        moteur.inserer(pad, lad, carte)
        return [Emission(octets)]

    return faute


class LecteurPss:
    """The reader on a pseudo-terminal, reached by `chemin`. `debrancher` and `brancher` are those of its cable."""

    def __init__(self, chemin: Path, fentes: dict[int, dict[int, CarteVirtuelle | None]]) -> None:
        self.chemin = chemin
        self.moteur = MoteurPss(fentes)
        self.verrou = threading.Lock()
        self._maitre = self._esclave = -1
        self._fil: threading.Thread | None = None
        self._arret = threading.Event()

    def __enter__(self) -> LecteurPss:
        self.brancher()
        return self

    def __exit__(
        self, genre: type[BaseException] | None, erreur: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.debrancher()

    def brancher(self) -> None:
        self._maitre, self._esclave = os.openpty()
        for bout in (self._maitre, self._esclave):
            tty.setraw(bout)
        provisoire = self.chemin.with_suffix(".neuf")
        provisoire.symlink_to(os.ttyname(self._esclave))
        provisoire.replace(self.chemin)
        self.moteur.couper()
        self._arret.clear()
        self._fil = threading.Thread(target=self._servir, name="lecteur-pss", daemon=True)
        self._fil.start()

    def debrancher(self) -> None:
        if self._fil is None:
            return
        self._arret.set()
        self._fil.join(5)
        self._fil = None
        self.chemin.unlink(missing_ok=True)
        for bout in (self._maitre, self._esclave):
            os.close(bout)

    @contextlib.contextmanager
    def arrete(self) -> Iterator[MoteurPss]:
        """Change the reader's state while it serves nobody."""
        with self.verrou:
            yield self.moteur

    def _servir(self) -> None:
        while not self._arret.is_set():
            pret, _, _ = select.select([self._maitre], [], [], SILENCE)
            with self.verrou:
                emissions = self.moteur.entrer(os.read(self._maitre, 4096)) if pret else self.moteur.silence()
            for emission in emissions:
                time.sleep(emission.retard)
                if emission.octets:
                    os.write(self._maitre, emission.octets)
