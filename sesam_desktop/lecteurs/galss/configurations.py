"""The three configuration files behind one door: which one this is, what is wrong in it, and its import into a profile.

The profile holds its own `galss.ini` and `io_comm.ini`; without them every reader is found by itself.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sesam_desktop.base.fichiers import remplacer, traduire
from sesam_desktop.noyau.erreurs import FormatInvalide

from . import galss_ini, io_comm, sesam_ini
from .anomalie import Anomalie, graves
from .ini import FichierIni
from .reecriture import lire


class Genre(StrEnum):
    """The value is the name of the file."""

    GALSS = "galss.ini"
    IO_COMM = "io_comm.ini"
    SESAM = "sesam.ini"


@dataclass(frozen=True, slots=True)
class Verification:
    """One file, looked at."""

    genre: Genre
    octets: bytes
    anomalies: tuple[Anomalie, ...]

    @property
    def valide(self) -> bool:
        return not graves(self.anomalies)


_SECTIONS = {
    Genre.IO_COMM: frozenset(("map_device",)),
    Genre.GALSS: frozenset(("config", "canal1", "protocole0", "protocole1")),
    Genre.SESAM: frozenset(("commun", "ssv", "mgc", "srt", "sts", "testssv")),
}
_CONTROLES: dict[Genre, Callable[[bytes], tuple[Anomalie, ...]]] = {
    Genre.GALSS: lambda octets: galss_ini.lire(octets).anomalies,
    Genre.IO_COMM: lambda octets: io_comm.lire(octets).anomalies,
    Genre.SESAM: lambda octets: sesam_ini.lire(octets).anomalies,
}


def verifier(chemin: Path) -> Verification:
    """Read and check one file. Raises ErreurConnue when it cannot be read, or is none of the three."""
    octets = lire(chemin)
    if octets is None:
        raise traduire(FileNotFoundError(errno.ENOENT, ""), chemin)
    genre = reconnaitre(octets, chemin.name)
    return Verification(genre, octets, _CONTROLES[genre](octets))


def reconnaitre(octets: bytes, nom: str) -> Genre:
    """By its sections, else by its name. Raises INI_INCONNU."""
    sections = {section.casefold() for section in FichierIni(octets).sections()}
    for genre, propres in _SECTIONS.items():
        if sections & propres:
            return genre
    for genre in Genre:
        if nom.casefold() == genre:
            return genre
    raise FormatInvalide(
        "Ce fichier n'est ni galss.ini, ni io_comm.ini, ni sesam.ini.",
        code="INI_INCONNU",
        fichier=nom,
        action="Choisissez l'un de ces trois fichiers.",
    )


def exiger_sesam(octets: bytes, nom: str) -> None:
    """Refuse (INI_INATTENDU, INI_INCONNU) to make a sesam.ini of another file."""
    genre = reconnaitre(octets, nom)
    if genre is not Genre.SESAM:
        raise FormatInvalide(
            f"Ce fichier est un {genre}, pas un sesam.ini : il est laissé tel quel.",
            code="INI_INATTENDU",
            fichier=nom,
            action="Indiquez le sesam.ini à réparer.",
        )


def importer(chemin: Path, profil: Path) -> Verification:
    """Check `chemin`, then keep it in `profil`. A sesam.ini is only checked: SSV reads it where it is.

    Raises the first serious anomaly as an ErreurConnue; nothing is kept then.
    """
    vue = verifier(chemin)
    fautes = graves(vue.anomalies)
    if fautes:
        suite = f" (anomalies graves : {len(fautes)})" if len(fautes) > 1 else ""
        raise fautes[0].en_erreur(chemin.name, f"Corrigez ce fichier, puis recommencez{suite}.")
    if vue.genre is not Genre.SESAM:
        remplacer(profil / vue.genre, vue.octets)
    return vue
