"""io_comm.ini: COM number → device."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs.galss import galss_ini, io_comm

from .fichiers import IO_COMM, SERIE, octets


def test_ports() -> None:
    lu = io_comm.lire(octets(IO_COMM, "\r"))
    assert (lu.ports, lu.anomalies, lu.valide) == ({1: "/dev/ttyS0", 3: "/dev/ttyUSB0"}, (), True)


def test_anomalies() -> None:
    lu = io_comm.lire(b"[map_device]\nCOM0=/dev/a\nCOM64=/dev/b\nLPT1=/dev/c\nCOM1=/etc/passwd\nCOM2=/dev/../etc/x\n"
                      b"com4=/dev/tty.usb\nCOM5=/dev/tty.usb\nCOM6=/dev/\n")
    assert [(a.cle, a.ligne, a.code, a.grave) for a in lu.anomalies] == [
        ("COM0", 2, 0x800B, True), ("COM64", 3, 0x800B, True), ("LPT1", 4, 0x800B, True), ("COM1", 5, 0x800B, True),
        ("COM2", 6, 0x800B, True), ("COM5", 8, 0, False), ("COM6", 9, 0x800B, True),
    ]
    assert (lu.ports, lu.valide) == ({4: "/dev/tty.usb", 5: "/dev/tty.usb"}, False)
    (absente,) = io_comm.lire(b"").anomalies
    assert (absente.message, absente.code) == ("La section [MAP_DEVICE] manque.", 0x800B)


def test_ports_que_galss_ini_demande() -> None:
    fichier = galss_ini.lire(octets(SERIE))
    assert io_comm.manquants(fichier, io_comm.lire(octets(IO_COMM))) == []
    for autre in (None, io_comm.lire(b"[MAP_DEVICE]\nCOM1=/dev/ttyS0\n")):
        (manquant,) = io_comm.manquants(fichier, autre)
        assert (manquant.section, manquant.cle, manquant.ligne, manquant.code) == ("CANAL1", "Index", 9, 0x800B)
        assert "COM3" in manquant.message


@given(st.binary(max_size=300))
def test_n_importe_quels_octets(brut: bytes) -> None:
    lu = io_comm.lire(b"[MAP_DEVICE]\n" + brut)
    assert all(1 <= numero <= 63 and chemin.startswith("/dev/") for numero, chemin in lu.ports.items())


def test_fichier_hostile() -> None:
    debut = time.monotonic()
    lu = io_comm.lire(b"[MAP_DEVICE]\n" + b"".join(b"%x=\n" % n for n in range(37_000)))
    assert time.monotonic() - debut < 10
    assert (lu.ports, len(lu.anomalies)) == ({}, 37_000)
