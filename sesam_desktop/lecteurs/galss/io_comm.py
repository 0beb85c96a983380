"""`io_comm.ini` (macOS, Linux): which device is behind the COM number of a serial channel. Windows needs none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from .anomalie import Anomalie, graves
from .galss_modele import FichierGalss
from .ini import FichierIni
from .releve import Releve

SECTION = "MAP_DEVICE"
_PORT = re.compile(r"(?i)com([0-9]{1,2})")


@dataclass(frozen=True)
class IoComm:
    """`ports`: COM number → device path, of the lines that are right."""

    ini: FichierIni
    ports: Mapping[int, str]
    anomalies: tuple[Anomalie, ...] = ()

    @property
    def valide(self) -> bool:
        return not graves(self.anomalies)


def lire(octets: bytes) -> IoComm:
    """Read and check a whole file. Raises FormatInvalide (INI_TROP_GROS) only."""
    releve = Releve(FichierIni(octets))
    ports: dict[int, str] = {}
    if releve.ini.ligne(SECTION) is None:
        releve.noter("", "", f"La section [{SECTION}] manque.", 0x800B)
    for cle, valeur in releve.ini.cles(SECTION).items():
        numero = _numero(cle)
        if numero is None:
            releve.noter(SECTION, cle, f"« {cle} » n'est pas un port : il faut COM1 à COM63.", 0x800B)
        elif not _est_peripherique(valeur):
            releve.noter(SECTION, cle, f"« {valeur} » n'est pas un périphérique de /dev.", 0x800B)
        else:
            if valeur in ports.values():
                releve.noter(SECTION, cle, f"Un autre port désigne déjà {valeur}.", grave=False)
            ports[numero] = valeur
    releve.noter_la_forme()
    return IoComm(releve.ini, ports, tuple(releve.anomalies))


def manquants(fichier: FichierGalss, io_comm: IoComm | None) -> list[Anomalie]:
    """Serial channels of `fichier` whose COM number has no device here (macOS and Linux only)."""
    ports = io_comm.ports if io_comm else {}
    releve = Releve(fichier.ini)
    for canal in fichier.canaux:
        if canal.est_serie and canal.index not in ports:
            releve.noter(canal.section, "Index", f"io_comm.ini ne dit pas où est COM{canal.index}.", 0x800B)
    return releve.anomalies


def _numero(cle: str) -> int | None:
    trouve = _PORT.fullmatch(cle)
    return int(trouve[1]) if trouve and 1 <= int(trouve[1]) <= 63 else None


def _est_peripherique(valeur: str) -> bool:
    chemin = PurePosixPath(valeur)
    return valeur.startswith("/dev/") and len(chemin.parts) > 2 and ".." not in chemin.parts
