"""What a `galss.ini` describes: channels → readers (PAD) → resources (LAD)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from .anomalie import Anomalie, graves
from .ini import FichierIni
from .releve import entiers, est_tronque

CONFIG = "CONFIG"
PSS, PCSC = 0, 1
TYPE_SERIE, TYPE_PCSC = 1, 3


@dataclass(frozen=True, slots=True)
class Lad:
    """One resource: what an application opens by its name or by an alias."""

    numero: int
    nom: str
    alias: tuple[str, ...]
    section: str


@dataclass(frozen=True, slots=True)
class Pad:
    """One reader on a channel."""

    adresse: int
    lads: tuple[Lad, ...]
    section: str


@dataclass(frozen=True, slots=True)
class Liaison:
    """Serial settings. parite: 0 none, 1 odd, 2 even; stop: 0 for one bit (other values are kept as read)."""

    vitesse: int
    start: int
    bits: int
    parite: int
    stop: int


@dataclass(frozen=True, slots=True)
class Canal:
    """One channel. `index` is the COM number of a serial one; `caracteristiques` the name of a PC/SC reader."""

    rang: int
    type_canal: int
    index: int
    protocole: int
    caracteristiques: str
    pads: tuple[Pad, ...]

    @property
    def section(self) -> str:
        return f"CANAL{self.rang}"

    @property
    def est_pcsc(self) -> bool:
        return self.type_canal == TYPE_PCSC

    @property
    def est_serie(self) -> bool:
        return self.type_canal == TYPE_SERIE

    @property
    def liaison(self) -> Liaison | None:
        """Settings of a serial channel, None when they cannot be read."""
        return liaison(self.caracteristiques) if self.est_serie else None

    @property
    def lads(self) -> tuple[Lad, ...]:
        return tuple(lad for pad in self.pads for lad in pad.lads)


@dataclass(frozen=True, slots=True)
class Protocole:
    """One protocol. PSS: `config` is BWT, BGT, EXT in ms, () when wrong. PC/SC: `canaux` are the channels it serves."""

    numero: int
    nom_lib: str
    config: tuple[int, ...]
    cwt: int | None = None
    canaux: tuple[int, ...] = ()


@dataclass(frozen=True)
class FichierGalss:
    """What the file says. `decrits` are all its channels, even wrong or beyond NbCanaux; `canaux` those of use."""

    ini: FichierIni
    nb_canaux: int | None
    decrits: tuple[Canal, ...]
    protocoles: dict[int, Protocole] = field(default_factory=dict)
    anomalies: tuple[Anomalie, ...] = ()

    @property
    def valide(self) -> bool:
        return not graves(self.anomalies)

    @property
    def est_tronque(self) -> bool:
        """As good as absent."""
        return est_tronque(self.ini.octets())

    @cached_property
    def canaux(self) -> tuple[Canal, ...]:
        """Declared channels without anything wrong in them."""
        fautives = {a.section.casefold().partition(".")[0] for a in self.anomalies if a.grave and a.code != 0xF101}
        annonces = self.nb_canaux or 0
        return tuple(c for c in self.decrits if c.rang <= annonces and c.section.casefold() not in fautives)


def liaison(caracteristiques: str) -> Liaison | None:
    """``9600,1,8,0,0``: speed, start bits, data bits, parity, stop code. None when it is anything else."""
    valeurs = entiers(caracteristiques)
    if len(valeurs) != 5:
        return None
    lue = Liaison(*valeurs)
    bornee = 9600 <= lue.vitesse <= 19200 and 5 <= lue.bits <= 8 and lue.parite <= 2 and lue.stop <= 2
    return lue if bornee and lue.start == 1 else None
