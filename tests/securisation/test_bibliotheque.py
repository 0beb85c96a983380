"""Headers written by hand from the public ELF, PE and Mach-O specifications; anything else is refused in a sentence."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide
from sesam_desktop.securisation import bibliotheque
from sesam_desktop.securisation.bibliotheque import Binaire, ce_processus, exiger_chargeable, lire_entete


def elf(classe: int, sens: int, machine: int) -> bytes:
    ordre = "<" if sens == 1 else ">"
    debut = b"\x7fELF" + bytes([classe, sens, 1]).ljust(12, b"\0") + struct.pack(ordre + "HHI", 3, machine, 1)
    return debut + (struct.pack(ordre + "IIIIHHHHHH", *[0] * 10) if classe == 1 else bytes(40))


def pe(machine: int, debut: int = 0x80) -> bytes:
    return b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", debut).ljust(debut - 0x3C, b"\0") + b"PE\0\0" + struct.pack(
        "<H", machine
    )


def universel(*types: int, magie: int = 0xCAFEBABE) -> bytes:
    taille = 20 if magie == 0xCAFEBABE else 32
    return struct.pack(">II", magie, len(types)) + b"".join(struct.pack(">I", t).ljust(taille, b"\0") for t in types)


@pytest.mark.parametrize(
    ("octets", "systeme", "machines"),
    [
        (elf(1, 1, 3), "Linux", {"x86"}),
        (elf(2, 1, 62), "Linux", {"x86_64"}),
        (elf(2, 1, 183), "Linux", {"arm64"}),
        (elf(1, 1, 40), "Linux", {"arm"}),
        (elf(2, 2, 21), "Linux", {"0x15"}),  # PowerPC 64, big-endian
        (pe(0x014C), "Windows", {"x86"}),
        (pe(0x8664), "Windows", {"x86_64"}),
        (pe(0xAA64, debut=0x200), "Windows", {"arm64"}),
        (struct.pack("<II", 0xFEEDFACF, 0x01000007), "macOS", {"x86_64"}),
        (struct.pack("<II", 0xFEEDFACF, 0x0100000C), "macOS", {"arm64"}),
        (struct.pack("<II", 0xFEEDFACE, 7), "macOS", {"x86"}),
        (struct.pack(">II", 0xFEEDFACE, 18), "macOS", {"0x12"}),  # PowerPC
        (universel(0x01000007, 0x0100000C), "macOS", {"x86_64", "arm64"}),
        (universel(0x01000007, magie=0xCAFEBABF), "macOS", {"x86_64"}),
    ],
)
def test_ce_que_dit_un_entete(octets: bytes, systeme: str, machines: set[str]) -> None:
    assert lire_entete(octets) == Binaire(systeme, frozenset(machines))


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\x7fELF",
        elf(2, 1, 62)[:-3],
        elf(2, 9, 62),
        b"MZ",
        b"MZ".ljust(0x40, b"\0"),
        pe(0x8664).replace(b"PE", b"NE"),
        b"MZ".ljust(0x3C, b"\0") + b"\xff\xff\xff\xff",
        struct.pack("<I", 0xFEEDFACF),
        bytes.fromhex("cafebabe00000034"),  # a Java 8 class: version 52
        bytes.fromhex("cafebabe00000000"),
        universel(7, 12)[:-18],
        b"#!/bin/sh\n",
    ],
)
def test_ce_qui_n_est_pas_une_bibliotheque(octets: bytes) -> None:
    with pytest.raises(FormatInvalide) as refus:
        lire_entete(octets)
    assert refus.value.code == "BIBLIOTHEQUE_ILLISIBLE"


@given(
    st.sampled_from([b"", b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf", b"\xcf\xfa\xed\xfe"]),
    st.binary(max_size=300),
)
def test_n_importe_quels_octets_donnent_une_reponse_ou_un_refus(magie: bytes, suite: bytes) -> None:
    try:
        assert lire_entete(magie + suite).machines
    except FormatInvalide as refus:
        assert refus.message


def test_ce_programme_se_reconnait(tmp_path: Path) -> None:
    """The interpreter's own file, read by the same function."""
    if sys.platform == "linux":
        assert lire_entete(Path(sys.executable).resolve().read_bytes()) == ce_processus()
    exiger_chargeable(Path(sys.executable).resolve(), "")


@pytest.mark.parametrize(
    ("systeme", "machine", "pointeur", "attendu"),
    [
        ("linux", "x86_64", 8, "Linux x86_64 (64 bits)"),
        ("linux", "x86_64", 4, "Linux x86 (32 bits)"),
        ("linux", "aarch64", 4, "Linux arm (32 bits)"),
        ("darwin", "arm64", 8, "macOS arm64 (64 bits)"),
        ("win32", "win-amd64", 8, "Windows x86_64 (64 bits)"),
        ("win32", "win32", 4, "Windows x86 (32 bits)"),
        ("sunos5", "sun4v", 8, "sunos5 sun4v"),
    ],
)
def test_ce_processus(
    systeme: str, machine: str, pointeur: int, attendu: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bibliotheque.sys, "platform", systeme)
    monkeypatch.setattr(bibliotheque.platform, "machine", lambda: machine)
    monkeypatch.setattr(bibliotheque.sysconfig, "get_platform", lambda: machine)
    monkeypatch.setattr(bibliotheque.struct, "calcsize", lambda _: pointeur)
    assert ce_processus().libelle() == attendu


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (elf(1, 1, 3), "BIBLIOTHEQUE_AUTRE_ARCHITECTURE"),
        (pe(0x8664), "BIBLIOTHEQUE_AUTRE_ARCHITECTURE"),
        (b"rien", "BIBLIOTHEQUE_ILLISIBLE"),
        (None, "BIBLIOTHEQUE_ABSENTE"),
    ],
)
def test_les_refus_disent_ou_et_que_faire(
    tmp_path: Path, octets: bytes | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bibliotheque, "ce_processus", lambda: Binaire("Linux", frozenset({"x86_64"})))
    chemin = tmp_path / "lib.so"
    if octets is not None:
        chemin.write_bytes(octets)
    with pytest.raises(ErreurConnue) as refus:
        exiger_chargeable(chemin, "Faites ceci.")
    assert (refus.value.code, refus.value.ou, refus.value.action) == (code, str(chemin), "Faites ceci.")


def test_une_bibliotheque_coupee_est_refusee_avant_de_faire_tomber_le_programme(tmp_path: Path) -> None:
    """The table of sections ends the file: loading a file that stops before it would kill the process."""
    entier = Path(sys.executable).resolve().read_bytes()
    if not entier.startswith(b"\x7fELF"):
        pytest.skip("ce système n'a pas de bibliothèques ELF")
    for taille in (4096, len(entier) - 1):
        (tmp_path / "coupee.so").write_bytes(entier[:taille])
        with pytest.raises(ErreurConnue, match="incomplète") as refus:
            exiger_chargeable(tmp_path / "coupee.so", "Faites ceci.")
        assert refus.value.code == "BIBLIOTHEQUE_ILLISIBLE"


def test_un_dossier_n_est_pas_une_bibliotheque(tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as refus:
        exiger_chargeable(tmp_path, "Faites ceci.")
    assert refus.value.code == "BIBLIOTHEQUE_ABSENTE"
