"""Windows' own answers, on a registry made of a dictionary: the module is the real one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import psutil
import pytest

from sesam_desktop.poste.sondes import WINDOWS, Installe, Service, Systeme, Usb

MACHINE, PERSONNE = "HKLM", "HKCU"
SAC = r"SYSTEM\CurrentControlSet\Control\CI\Policy"
PROGRAMMES = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
DOSSIERS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
HEURE = r"SYSTEM\CurrentControlSet\Services\W32Time\Parameters"


class Cle:
    def __init__(self, valeurs: dict[str, Any], dessous: list[str]) -> None:
        self.valeurs, self.dessous = valeurs, dessous

    def __enter__(self) -> Cle:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""


class Registre(ModuleType):
    """What `winreg` offers of the functions used."""

    HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER = MACHINE, PERSONNE
    KEY_READ, KEY_WOW64_64KEY, KEY_WOW64_32KEY = 1, 2, 4

    def __init__(self, valeurs: dict[tuple[str, str], dict[str, Any]]) -> None:
        super().__init__("winreg")
        self.valeurs = valeurs

    def OpenKey(self, racine: str, cle: str, _: int = 0, droits: int = 1) -> Cle:
        dessous = sorted({
            reste.split("\\")[0] for (r, nom) in self.valeurs if r == racine and (reste := _sous(nom, cle))
        })
        if (racine, cle) not in self.valeurs and not dessous:
            raise FileNotFoundError(cle)
        return Cle(self.valeurs.get((racine, cle), {}), dessous)

    def QueryValueEx(self, cle: Cle, nom: str) -> tuple[Any, int]:
        if nom not in cle.valeurs:
            raise FileNotFoundError(nom)
        return cle.valeurs[nom], 1

    def QueryInfoKey(self, cle: Cle) -> tuple[int, int, int]:
        return len(cle.dessous), len(cle.valeurs), 0

    def EnumKey(self, cle: Cle, rang: int) -> str:
        return cle.dessous[rang]


def _sous(nom: str, cle: str) -> str:
    return nom.removeprefix(f"{cle}\\") if nom.startswith(f"{cle}\\") else ""


@pytest.fixture
def registre(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], dict[str, Any]]:
    valeurs: dict[tuple[str, str], dict[str, Any]] = {}
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", Registre(valeurs))
    return valeurs


@pytest.fixture
def windows(registre: dict[tuple[str, str], dict[str, Any]]) -> Iterator[Systeme]:
    sys.modules.pop("sesam_desktop.poste.sondes_windows", None)
    yield importlib.import_module("sesam_desktop.poste.sondes_windows").SystemeWindows()
    sys.modules.pop("sesam_desktop.poste.sondes_windows", None)


def test_registre_vide(windows: Systeme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "process_iter", lambda _: [])
    assert windows.nom == WINDOWS
    assert [windows.reglage(nom) for nom in ("sac", "bureau", "horloge", "compte_bureau", "gatekeeper")] == [None] * 5
    assert windows.installes() == []


def test_reglages(
    windows: Systeme, registre: dict[tuple[str, str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USERPROFILE", r"C:\Users\accueil")
    registre[MACHINE, SAC] = {"VerifiedAndReputablePolicyState": 2}
    registre[PERSONNE, DOSSIERS] = {"Desktop": r"%USERPROFILE%\OneDrive\Bureau"}
    registre[MACHINE, HEURE] = {"Type": "NoSync"}
    processus = [
        SimpleNamespace(info={"name": None, "username": None}),
        SimpleNamespace(info={"name": "Explorer.EXE", "username": r"PC\accueil"}),
    ]
    monkeypatch.setattr(psutil, "process_iter", lambda _: processus)
    assert windows.reglage("sac") == "2"
    assert windows.reglage("bureau") == r"C:\Users\accueil\OneDrive\Bureau"
    assert windows.reglage("horloge") == "non"
    assert windows.reglage("compte_bureau") == r"PC\accueil"
    assert windows.reglage("version")
    registre[MACHINE, HEURE] = {"Type": "NTP"}
    assert windows.reglage("horloge") == "oui"


def test_programmes_installes(windows: Systeme, registre: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Read in both views; entries without a name or a version are updates, not programs."""
    registre[MACHINE, rf"{PROGRAMMES}\A"] = {"DisplayName": "Cryptolib CPS", "DisplayVersion": "5.2.6"}
    registre[MACHINE, rf"{PROGRAMMES}\B"] = {"DisplayName": "KB5000"}
    assert windows.installes() == [Installe("Cryptolib CPS", "5.2.6")]


def test_bus_usb(windows: Systeme, monkeypatch: pytest.MonkeyPatch) -> None:
    sortie = "ID d'instance : USB\\VID_2947&PID_0101\\5&1\nUSB\\vid_046d&pid_c52b&MI_00\\6\nUSB\\VID_2947&PID_0101&MI_0"
    monkeypatch.setattr("sesam_desktop.poste.sondes_windows.executer", lambda *_: sortie)
    assert windows.usb() == [Usb("046d", "c52b"), Usb("2947", "0101")]
    monkeypatch.setattr("sesam_desktop.poste.sondes_windows.executer", lambda *_: "option inconnue")
    assert windows.usb() is None


def test_services(windows: Systeme, monkeypatch: pytest.MonkeyPatch) -> None:
    def trouver(nom: str) -> SimpleNamespace:
        if nom == "SCardSvr":
            return SimpleNamespace(status=lambda: "stopped", start_type=lambda: "manual")
        if nom == "CertPropSvc":
            return SimpleNamespace(status=lambda: "running", start_type=lambda: "automatic")
        raise AssertionError(nom)

    monkeypatch.setattr(psutil, "win_service_get", trouver, raising=False)
    assert windows.service("cartes") == Service(en_marche=False)
    assert windows.service("certprop") == Service(en_marche=True, automatique=True)

    def absent(nom: str) -> None:
        raise psutil.NoSuchProcess(0, nom)

    monkeypatch.setattr(psutil, "win_service_get", absent, raising=False)
    assert windows.service("cartes") is None


def test_inscriptible_se_prouve_en_ouvrant(
    windows: Systeme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rights refuse what the read-only mark allows."""
    fichier = tmp_path / "galss.ini"
    fichier.write_bytes(b"x")
    assert windows.inscriptible(tmp_path) and windows.inscriptible(fichier)
    assert not windows.inscriptible(tmp_path / "absent.ini")
    assert ([un.name for un in tmp_path.iterdir()], fichier.read_bytes()) == (["galss.ini"], b"x")

    def refuser(*_: object, **__: object) -> None:
        raise PermissionError(13, "non")

    monkeypatch.setattr(Path, "open", refuser)
    monkeypatch.setattr(Path, "touch", refuser)
    assert not windows.inscriptible(tmp_path) and not windows.inscriptible(fichier)


def test_emplacements(windows: Systeme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYSTEMROOT", r"C:\Windows")
    monkeypatch.setenv("ProgramFiles(x86)", r"C:\PF86")
    assert windows.emplacements("galss") == [Path(r"C:\Windows") / "galss.ini"]
    assert windows.emplacements("fsv_x86") == [Path(r"C:\PF86\santesocial\fsv")]
    assert windows.emplacements("inconnu") == []
