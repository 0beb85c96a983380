"""Questions that only Windows answers this way: its registry, its services, its devices. Imported there only."""

from __future__ import annotations

import ntpath
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from .sondes import WINDOWS, Installe, Service, Usb
from .sondes_linux import developper
from .sondes_reelles import SystemeCommun, executer

if sys.platform != "win32":
    raise ImportError("Windows only")

import winreg

_SAC = r"SYSTEM\CurrentControlSet\Control\CI\Policy"
_DESINSTALLATION = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
_DOSSIERS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
_HEURE = r"SYSTEM\CurrentControlSet\Services\W32Time\Parameters"
_SERVICES = {"cartes": "SCardSvr", "certprop": "CertPropSvc"}
_USB = re.compile(r"usb\\vid_([0-9a-f]{4})&pid_([0-9a-f]{4})")
_EMPLACEMENTS = {
    "fsv_x86": (r"%ProgramFiles(x86)%\santesocial\fsv",),
    "fsv_x64": (r"%ProgramW6432%\santesocial\fsv",),
    "cryptolib": (r"%ProgramData%\santesocial\CPS\*.conf", r"%ProgramData%\santesocial\CPS\*.ini"),
}


class SystemeWindows(SystemeCommun):
    """Windows 10 and after."""

    nom, plateforme = WINDOWS, "win32"

    def usb(self) -> list[Usb] | None:
        """None when no device is named at all: this Windows does not know the question."""
        liste = executer("pnputil", "/enum-devices", "/connected").lower()
        numeros = set(_USB.findall(liste))
        return [Usb(vid, pid) for vid, pid in sorted(numeros)] or None

    def service(self, nom: str) -> Service | None:
        import psutil

        try:
            service = psutil.win_service_get(_SERVICES[nom])
            return Service(service.status() == "running", service.start_type() == "automatic")
        except psutil.NoSuchProcess:
            return None

    def installes(self) -> list[Installe]:
        vues = (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY)
        return sorted({une for vue in vues for une in _desinstallables(vue)}, key=lambda une: (une.nom, une.version))

    def reglage(self, nom: str) -> str | None:
        if nom == "sac":
            return _valeur(winreg.HKEY_LOCAL_MACHINE, _SAC, "VerifiedAndReputablePolicyState")
        if nom == "bureau":
            bureau = _valeur(winreg.HKEY_CURRENT_USER, _DOSSIERS, "Desktop")
            return ntpath.expandvars(bureau) if bureau else None
        if nom == "horloge":
            genre = _valeur(winreg.HKEY_LOCAL_MACHINE, _HEURE, "Type")
            return ("non" if genre == "NoSync" else "oui") if genre else None
        if nom == "compte_bureau":
            return _compte_du_bureau()
        if nom == "version":
            import platform

            return platform.release()
        return super().reglage(nom)

    def emplacements(self, nom: str) -> list[Path]:
        if nom not in _EMPLACEMENTS:
            return super().emplacements(nom)
        return developper(tuple(ntpath.expandvars(motif) for motif in _EMPLACEMENTS[nom]))

    def inscriptible(self, chemin: Path) -> bool:
        """By opening it: `os.access` only knows the read-only mark, not rights. Nothing of the file is changed."""
        try:
            if chemin.is_dir():
                essai = chemin / f".{uuid4().hex}.tmp"
                essai.touch(exist_ok=False)
                essai.unlink()
            else:
                chemin.open("r+b").close()
        except OSError:
            return False
        return True


def _valeur(racine: int, cle: str, nom: str) -> str | None:
    try:
        with winreg.OpenKey(racine, cle) as ouverte:
            return str(winreg.QueryValueEx(ouverte, nom)[0])
    except FileNotFoundError:
        return None


def _sous_cles(racine: int, cle: str, vue: int = 0) -> Iterator[str]:
    with suppress(FileNotFoundError), winreg.OpenKey(racine, cle, 0, winreg.KEY_READ | vue) as ouverte:
        for rang in range(winreg.QueryInfoKey(ouverte)[0]):
            yield winreg.EnumKey(ouverte, rang)


def _desinstallables(vue: int) -> Iterator[Installe]:
    racine = winreg.HKEY_LOCAL_MACHINE
    for cle in _sous_cles(racine, _DESINSTALLATION, vue):
        chemin = rf"{_DESINSTALLATION}\{cle}"
        with suppress(FileNotFoundError), winreg.OpenKey(racine, chemin, 0, winreg.KEY_READ | vue) as ouverte:
            nom = str(winreg.QueryValueEx(ouverte, "DisplayName")[0])
            yield Installe(nom, str(winreg.QueryValueEx(ouverte, "DisplayVersion")[0]))


def _compte_du_bureau() -> str | None:
    """The account that opened the desktop; ours when several desktops are open and one is ours."""
    import psutil

    vus = psutil.process_iter(("name", "username"))
    comptes = {p.info["username"] for p in vus if (p.info["name"] or "").lower() == "explorer.exe"} - {None}
    compte = psutil.Process().username()
    return compte if compte in comptes else min(comptes, default=None)
