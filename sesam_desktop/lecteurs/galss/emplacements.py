"""Where each platform keeps the configuration of readers and of SSV. Several sesam.ini live together: all are given."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

_RACINE = Path("/")


def galss_ini(plateforme: str = sys.platform, racine: Path = _RACINE) -> Path:
    """The file that GALSS reads. `racine` (macOS, Linux) is for tests."""
    if plateforme == "win32":
        return _windows() / "galss.ini"
    if plateforme == "darwin":
        return racine / "Library/Preferences/galss.ini"
    return racine / "usr/local/galss/galss.ini"


def io_comm_ini(plateforme: str = sys.platform, racine: Path = _RACINE) -> Path | None:
    """Beside galss.ini (inferred on macOS); Windows names its ports by itself."""
    return None if plateforme == "win32" else galss_ini(plateforme, racine).with_name("io_comm.ini")


def sesam_ini(plateforme: str = sys.platform, racine: Path = _RACINE) -> list[Path]:
    """Every sesam.ini of this machine, those of the latest FSV first. Which one is read depends on the FSV."""
    fsv: list[Path] = []
    if plateforme == "win32":
        fsv = versions(Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "santesocial" / "fsv")
        ancien = _windows() / "sesam.ini"
    elif plateforme == "darwin":
        fsv = versions(fsv_macos(racine))
        ancien = racine / "Library/Preferences/sesam.ini"
    else:
        ancien = racine / "usr/local/sesam/sesam.ini"
    return [chemin for chemin in (*(v / "conf" / "sesam.ini" for v in fsv), ancien) if chemin.is_file()]


def fsv_macos(racine: Path = _RACINE) -> Path:
    """On macOS each FSV and its configuration are in one place."""
    return racine / "Library/Application Support/santesocial/fsv"


def versions(dossier: Path) -> list[Path]:
    """Folders named by a version (1.40.14), the latest first: numbers, not text (1.40.9 is older than 1.40.14)."""
    try:
        trouves = [chemin for chemin in dossier.iterdir() if re.fullmatch(r"[0-9]+(\.[0-9]+)*", chemin.name)]
    except OSError:
        return []
    return sorted(trouves, key=lambda chemin: [int(n) for n in chemin.name.split(".")], reverse=True)


def _windows() -> Path:
    return Path(os.environ.get("SYSTEMROOT", r"C:\Windows"))
