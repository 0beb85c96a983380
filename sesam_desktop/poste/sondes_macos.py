"""Questions that only macOS answers this way, by its own commands."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sesam_desktop.lecteurs.galss import emplacements

from .sondes import MACOS, Usb
from .sondes_linux import developper
from .sondes_reelles import SystemeCommun, executer

_EMPLACEMENTS = {
    "fsv_x64": (str(emplacements.fsv_macos()),),
    "cryptolib": ("/Library/Preferences/santesocial/CPS/cps3_pkcs11.conf",),
}


class SystemeMacos(SystemeCommun):
    """macOS 12 and after."""

    nom, plateforme = MACOS, "darwin"

    def usb(self) -> list[Usb] | None:
        document = json.loads(executer("system_profiler", "SPUSBDataType", "-json"))
        return list(appareils(document.get("SPUSBDataType", [])))

    def reglage(self, nom: str) -> str | None:
        questions = {"gatekeeper": _gatekeeper, "rosetta": _rosetta, "quarantaine": _quarantaine}
        if nom in questions:
            return questions[nom]()
        if nom == "bureau":
            return str((Path.home() / "Desktop").resolve())
        if nom == "version":
            return platform.mac_ver()[0]
        return super().reglage(nom)

    def emplacements(self, nom: str) -> list[Path]:
        return developper(_EMPLACEMENTS[nom]) if nom in _EMPLACEMENTS else super().emplacements(nom)


def appareils(branches: list[dict[str, Any]]) -> Iterator[Usb]:
    """Devices of a tree of `system_profiler`: numbers are written ``0x0f14  (maker)``."""
    for branche in branches:
        if "vendor_id" in branche:
            vid, pid = (str(branche.get(cle, "")).split(" ")[0] for cle in ("vendor_id", "product_id"))
            yield Usb(vid.removeprefix("0x"), pid.removeprefix("0x"), str(branche.get("_name", "")))
        yield from appareils(branche.get("_items", []))


def _gatekeeper() -> str:
    return "oui" if "enabled" in executer("spctl", "--status") else "non"


def _rosetta() -> str | None:
    """None on an Intel Mac, which does not need it."""
    if platform.machine() != "arm64":
        return None
    return "oui" if executer("pgrep", "oahd").strip() else "non"


def _quarantaine() -> str:
    return "oui" if "com.apple.quarantine" in executer("xattr", sys.executable) else "non"
