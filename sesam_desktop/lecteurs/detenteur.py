"""Which program may hold a reader, where the platform tells: those that have the PC/SC library loaded.

No platform says who holds which reader; the programs that talk to PC/SC are few, and the one to close is among them.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

DELAI = 0.5
_NOMS_MAXIMUM = 3
_BIBLIOTHEQUES = ("libpcsclite", "winscard.dll", "pcsc.framework")
_SERVICE = frozenset(("pcscd", "svchost.exe", "com.apple.ctkpcscd"))


def noms(_lecteur: str) -> list[str]:
    """At most three program names, none when the platform does not tell. Bounded in time, never raises."""
    try:
        return sorted(set(_chercher(time.monotonic() + DELAI)))[:_NOMS_MAXIMUM]
    except Exception:  # noqa: BLE001 - a name is a comfort: its absence must never hide the refusal it explains
        return []


def _chercher(echeance: float) -> Iterator[str]:
    import psutil

    for processus in psutil.process_iter(["name"]):
        if time.monotonic() > echeance:
            return
        nom = processus.info["name"] or ""
        if processus.pid != os.getpid() and nom.lower() not in _SERVICE and _utilise_pcsc(processus):
            yield nom


def _utilise_pcsc(processus: psutil.Process) -> bool:
    """False for a process that may not be looked at (another user's, the system's) or has just ended."""
    import psutil

    try:
        cartes = _cartes(processus).lower()
    except (OSError, psutil.Error):
        return False
    return any(bibliotheque in cartes for bibliotheque in _BIBLIOTHEQUES)


def _cartes(processus: psutil.Process) -> str:
    """Files mapped by this process. On Linux the kernel's plain list: psutil's measures each map, which is slow."""
    if sys.platform == "linux":
        return Path(f"/proc/{processus.pid}/maps").read_text(errors="replace")
    return "\n".join(carte.path for carte in processus.memory_maps())
