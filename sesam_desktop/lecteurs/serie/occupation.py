"""Who holds a serial port: GALSS servers keep theirs as long as they run, and one of an older software may still do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

_SERVEUR = "galsv"  # galsvw32.exe, galsvw64.exe, galsvlux, galsvosx


def serveurs_galss(peripherique: str = "") -> list[str]:
    """Names of the GALSS servers that run; with `peripherique`, of those seen to hold it (Linux tells, others do not).

    Never raises: a name is a comfort.
    """
    import psutil

    noms = set()
    for processus in psutil.process_iter(["name"]):
        nom = processus.info["name"] or ""
        if nom.lower().startswith(_SERVEUR) and (not peripherique or _tient(processus, peripherique)):
            noms.add(nom)
    return sorted(noms)


def _tient(processus: psutil.Process, peripherique: str) -> bool:
    """False for a process that may not be looked at."""
    try:
        liens = list(Path(f"/proc/{processus.pid}/fd").iterdir())
    except OSError:
        return False
    return any(_mene_a(lien, Path(peripherique)) for lien in liens)


def _mene_a(lien: Path, peripherique: Path) -> bool:
    """A file may be closed while it is looked at."""
    try:
        return lien.samefile(peripherique)
    except OSError:
        return False
