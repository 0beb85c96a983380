"""What the profile says of its readers in GALSS terms: its own `galss.ini` and `io_comm.ini`, absent on most of them.

Without `galss.ini` everything is found by the cards. With one, its serial channels are opened and its names are those
of the resources; a file with a serious anomaly is not used, is told, and never keeps PC/SC readers from working.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sesam_desktop.noyau.erreurs import ErreurConnue

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import Canal
    from sesam_desktop.lecteurs.galss.galss_ini import FichierGalss
    from sesam_desktop.lecteurs.galss.io_comm import IoComm

journal = logging.getLogger(__name__)

T = TypeVar("T")

GALSS_INI, IO_COMM_INI = "galss.ini", "io_comm.ini"


def fichier_galss(profil: Path) -> FichierGalss | None:
    """The profile's galss.ini, None when there is none or when it may not be used (the log says why)."""
    from sesam_desktop.lecteurs.galss import galss_ini
    from sesam_desktop.lecteurs.galss.anomalie import graves

    fichier = _lire(profil / GALSS_INI, galss_ini.lire)
    if fichier is not None and not fichier.valide:
        journal.warning("galss.ini du profil non utilisé : %s", graves(fichier.anomalies)[0].phrase())
        return None
    return fichier


def io_comm(profil: Path) -> IoComm | None:
    """The profile's io_comm.ini, which names the devices of its COM ports (not on Windows)."""
    from sesam_desktop.lecteurs.galss import io_comm as lecture

    return _lire(profil / IO_COMM_INI, lecture.lire)


def canaux_serie(profil: Path) -> list[Canal]:
    """Serial channels the profile declares, and the USB readers known to show as a serial port."""
    from sesam_desktop.lecteurs.serie.canal import canaux_du_poste

    return list(canaux_du_poste(fichier_galss(profil), io_comm(profil)))


def galss_ini_du_poste(profil: Path) -> Path:
    """The galss.ini to keep aligned: the profile's own if it has one, else the one of the platform."""
    from sesam_desktop.lecteurs.galss import emplacements

    propre = profil / GALSS_INI
    return propre if propre.exists() else emplacements.galss_ini(sys.platform)


def _lire(chemin: Path, lire: Callable[[bytes], T]) -> T | None:
    """What `lire` makes of the file, None when it is absent or cannot be read (the log says so)."""
    from sesam_desktop.lecteurs.galss import reecriture

    try:
        octets = reecriture.lire(chemin)
        return None if octets is None else lire(octets)
    except ErreurConnue as erreur:
        journal.warning("%s du profil non utilisé : %s", chemin.name, erreur.message)
        return None
