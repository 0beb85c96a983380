"""Which program may hold the reader: names when the platform tells, nothing otherwise, never a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from sesam_desktop.lecteurs import detenteur


class Processus:
    """What psutil gives of a process."""

    def __init__(self, pid: int, nom: str, *cartes: str) -> None:
        self.pid = pid
        self.info = {"name": nom}
        self._cartes = cartes

    def memory_maps(self) -> list[object]:
        if not self._cartes:
            raise psutil.AccessDenied(self.pid)
        return [type("Carte", (), {"path": carte})() for carte in self._cartes]


WINSCARD = "C:\\Windows\\System32\\WinSCard.dll"


def _installer(monkeypatch: pytest.MonkeyPatch, *processus: Processus) -> None:
    monkeypatch.setattr(detenteur.sys, "platform", "win32")
    monkeypatch.setattr(psutil, "process_iter", lambda _: iter(processus))


def test_les_autres_programmes_qui_parlent_a_pcsc(monkeypatch: pytest.MonkeyPatch) -> None:
    _installer(
        monkeypatch,
        Processus(1, "agent.exe", "C:\\x.dll", WINSCARD),
        Processus(2, "notepad.exe", "C:\\x.dll"),
        Processus(3, "svchost.exe", WINSCARD),
        Processus(4, "System"),
        Processus(os.getpid(), "sesam-desktop.exe", WINSCARD),
        Processus(5, "agent.exe", WINSCARD),
        Processus(6, "pyxvital.exe", WINSCARD),
    )
    assert detenteur.noms("Lecteur") == ["agent.exe", "pyxvital.exe"]


def test_au_plus_trois_noms(monkeypatch: pytest.MonkeyPatch) -> None:
    _installer(monkeypatch, *[Processus(pid, f"p{pid}.exe", WINSCARD) for pid in range(1, 9)])
    assert detenteur.noms("Lecteur") == ["p1.exe", "p2.exe", "p3.exe"]


def test_le_temps_est_borne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detenteur, "DELAI", -1.0)
    _installer(monkeypatch, Processus(1, "agent.exe", WINSCARD))
    assert detenteur.noms("Lecteur") == []


def test_une_plateforme_qui_ne_dit_rien(monkeypatch: pytest.MonkeyPatch) -> None:
    def casser(_: object) -> Iterator[Processus]:
        raise RuntimeError("inventaire impossible")

    monkeypatch.setattr(psutil, "process_iter", casser)
    assert detenteur.noms("Lecteur") == []


@pytest.mark.skipif(sys.platform != "linux", reason="cartes mémoire de Linux")
def test_un_vrai_programme() -> None:
    programme = "from smartcard import scard; print('pret', flush=True); input()"
    arguments = [sys.executable, "-c", programme]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as autre:
        assert autre.stdout is not None
        assert autre.stdout.readline() == "pret\n"
        noms = detenteur.noms("Lecteur")
        assert psutil.Process(autre.pid).name() in noms
        autre.communicate("\n")
