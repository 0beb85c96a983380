"""The port itself, on pseudo-terminals, and the list of USB readers."""

from __future__ import annotations

import errno
import os
import sys
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
from serial.tools import list_ports

from sesam_desktop.lecteurs.galss.galss_ini import Liaison
from sesam_desktop.lecteurs.serie import occupation, port, ports
from sesam_desktop.lecteurs.serie.port import PortSerie, PortVu
from sesam_desktop.noyau.erreurs import ErreurConnue


@pytest.fixture
def paire() -> Iterator[tuple[int, str]]:
    maitre, esclave = os.openpty()
    for bout in (maitre, esclave):
        tty.setraw(bout)
    yield maitre, os.ttyname(esclave)
    for bout in (maitre, esclave):
        os.close(bout)


def test_octets_dans_les_deux_sens(paire: tuple[int, str]) -> None:
    maitre, nom = paire
    ouvert = PortSerie(nom)
    ouvert.ecrire(b"\x2f\x00\x00")
    assert os.read(maitre, 10) == b"\x2f\x00\x00"
    os.write(maitre, b"abcde")
    assert ouvert.lire(3, 1.0) == b"abc"
    assert ouvert.lire(1, 1.0) == b"d"
    assert ouvert.lire(10, 1.0) == b"e"
    assert ouvert.lire(10, 0.01) == b""
    ouvert.fermer()
    ouvert.fermer()


def _refus(nom: str, liaison: Liaison = port.LIAISON) -> ErreurConnue:
    with pytest.raises(ErreurConnue) as refus:
        PortSerie(nom, liaison)
    assert refus.value.ou == nom
    return refus.value


def test_un_port_n_est_tenu_que_par_un_seul(paire: tuple[int, str]) -> None:
    premier = PortSerie(paire[1])
    assert _refus(paire[1]).code == "PORT_OCCUPE"
    premier.fermer()
    PortSerie(paire[1]).fermer()


def test_port_absent(tmp_path: Path) -> None:
    assert _refus(str(tmp_path / "COM9")).code == "LECTEUR_ABSENT"


def test_reglages_impossibles(paire: tuple[int, str]) -> None:
    assert _refus(paire[1], Liaison(9600, 1, 12, 0, 0)).code == "PORT_REGLAGES"


def test_debranche_pendant_l_usage() -> None:
    maitre, esclave = os.openpty()
    ouvert = PortSerie(os.ttyname(esclave))
    os.close(maitre)
    os.close(esclave)
    for usage in (lambda: ouvert.lire(1, 0.05), lambda: ouvert.ecrire(b"a")):
        with pytest.raises(ErreurConnue) as refus:
            usage()
        assert refus.value.code == "LECTEUR_ABSENT"
    ouvert.fermer()


@pytest.mark.parametrize(
    ("numero", "code"),
    [
        (errno.EACCES, "PORT_INTERDIT"),
        (errno.EINVAL, "PORT_REGLAGES"),
        (errno.EBUSY, "PORT_OCCUPE"),
        (errno.EAGAIN, "PORT_OCCUPE"),
    ],
)
def test_refus_du_systeme(monkeypatch: pytest.MonkeyPatch, numero: int, code: str) -> None:
    def ouvrir(*_: object, **__: object) -> None:
        raise serial.SerialException(numero, "refus")

    monkeypatch.setattr(serial, "Serial", ouvrir)
    assert _refus("/dev/ttyS2").code == code


def test_refus_de_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows gives pyserial no number: only the text tells a port that is taken from one that is not there."""
    textes = ["could not open port 'COM3': PermissionError(13, 'Accès refusé.', None, 5)"]
    textes.append("could not open port 'COM3': FileNotFoundError(2, 'Fichier introuvable', None, 2)")

    def ouvrir(*_: object, **__: object) -> None:
        raise serial.SerialException(textes.pop(0))

    monkeypatch.setattr(serial, "Serial", ouvrir)
    monkeypatch.setattr(port, "os", type("Systeme", (), {"name": "nt"}))
    assert [_refus("COM3").code, _refus("COM3").code] == ["PORT_OCCUPE", "LECTEUR_ABSENT"]


def test_sans_verrou_du_systeme(monkeypatch: pytest.MonkeyPatch, paire: tuple[int, str]) -> None:
    monkeypatch.setattr(port, "os", type("Systeme", (), {"name": "nt"}))
    PortSerie(paire[1]).fermer()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_le_serveur_galss_est_nomme(monkeypatch: pytest.MonkeyPatch, paire: tuple[int, str]) -> None:
    """This very process stands for the server: its other end of the line is open."""
    import psutil

    vrai = psutil.process_iter

    def inventaire(attributs: list[str]) -> Iterator[psutil.Process]:
        for processus in vrai(attributs):
            if processus.pid == os.getpid():
                processus.info["name"] = "galsvlux"
                yield processus

    monkeypatch.setattr(psutil, "process_iter", inventaire)
    refus = _refus(paire[1])
    assert refus.code == "PORT_OCCUPE"
    assert refus.message == "Le port du lecteur est déjà tenu par galsvlux (serveur GALSS)."
    assert occupation.serveurs_galss("/dev/ttyS63") == []


def test_un_serveur_galss_qu_on_ne_peut_regarder(monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    autre = type("Processus", (), {"pid": -1, "info": {"name": "galsvw32.exe"}})
    sans_nom = type("Processus", (), {"pid": -1, "info": {"name": None}})
    monkeypatch.setattr(psutil, "process_iter", lambda _: [autre, sans_nom])
    assert occupation.serveurs_galss() == ["galsvw32.exe"]
    assert occupation.serveurs_galss("/dev/ttyS0") == []


def test_inventaire(monkeypatch: pytest.MonkeyPatch) -> None:
    vu = type("Info", (), {"device": "COM5", "vid": 0x0F14, "pid": 0x0012})
    monkeypatch.setattr(list_ports, "comports", lambda: [vu])
    assert port.ports_vus() == [PortVu("COM5", 0x0F14, 0x0012)]

    def panne() -> None:
        raise OSError

    monkeypatch.setattr(list_ports, "comports", panne)
    assert port.ports_vus() == []


def test_lecteurs_usb_connus() -> None:
    """Each row has its source; usb.ids gives 0f14:0012 to the Vital'Act 3S."""
    assert {(a.vid, a.pid): a.modele for a in ports.connus()}[0x0F14, 0x0012] == "Vital'Act 3S"
    for appareil in ports.connus():
        assert appareil.source
        assert appareil.certitude in ("S", "D")
        assert appareil.usage in ("lecteur", "a-declarer")
    assert len({(a.vid, a.pid) for a in ports.connus()}) == len(ports.connus())


def test_lecteurs_usb_detectes() -> None:
    vus = [
        PortVu("COM7", 0x079B, 0x0028),
        PortVu("COM1"),
        PortVu("COM5", 0x0F14, 0x0012),
        PortVu("COM6", 0x0F14, 0x9999),
    ]
    trouves = ports.detectes(lambda: vus)
    assert [(t.port, t.appareil.modele, t.appareil.automatique) for t in trouves] == [
        ("COM5", "Vital'Act 3S", True),
        ("COM7", "terminal Telium", False),
    ]
