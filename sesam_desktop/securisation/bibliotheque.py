"""A native library before it is loaded: for which system and processor was it built, and can this process take it?

Only the header is read, by ourselves: the system's loader answers a 32-bit library with a riddle, or not at all.
ELF (Linux), PE (Windows) and Mach-O (macOS, maybe several processors in a file), as their public specifications say.
"""

from __future__ import annotations

import os
import platform
import struct
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

_TAILLE_ENTETE = 1 << 16
_ELF = {3: "x86", 40: "arm", 62: "x86_64", 183: "arm64"}
_PE = {0x014C: "x86", 0x01C4: "arm", 0x8664: "x86_64", 0xAA64: "arm64"}
_MACHO = {7: "x86", 12: "arm", 0x01000007: "x86_64", 0x0100000C: "arm64"}
_MACHO_SIMPLE = {
    b"\xfe\xed\xfa\xce": ">", b"\xfe\xed\xfa\xcf": ">", b"\xce\xfa\xed\xfe": "<", b"\xcf\xfa\xed\xfe": "<",
}
_MACHO_MULTIPLE = {b"\xca\xfe\xba\xbe": 20, b"\xca\xfe\xba\xbf": 32}  # size of one processor's entry
_PROCESSEURS_MAXIMUM = 16  # a Java class starts as a multiple Mach-O does, with a larger number here
_BITS = {"x86": 32, "arm": 32, "x86_64": 64, "arm64": 64}
_SYSTEMES = {"linux": "Linux", "win32": "Windows", "darwin": "macOS"}
_MACHINES = {
    "win32": "x86", "i386": "x86", "i686": "x86", "x86": "x86", "amd64": "x86_64", "x86_64": "x86_64",
    "win-amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64", "win-arm64": "arm64", "armv7l": "arm",
}


@dataclass(frozen=True, slots=True)
class Binaire:
    """What a library (or this process) was built for. `machines`: x86, x86_64, arm, arm64, or a hexadecimal number.

    `taille`: bytes the file must have at least, 0 when its header does not tell.
    """

    systeme: str
    machines: frozenset[str]
    taille: int = field(default=0, compare=False)

    def libelle(self) -> str:
        """« Windows x86 (32 bits) »."""
        noms = [f"{nom} ({_BITS[nom]} bits)" if nom in _BITS else nom for nom in sorted(self.machines)]
        return f"{self.systeme} {', '.join(noms)}"


def lire_entete(octets: bytes) -> Binaire:
    """What the first bytes of a library say. Raises FormatInvalide (BIBLIOTHEQUE_ILLISIBLE) on anything else."""
    try:
        if octets[:4] == b"\x7fELF":
            return _elf(octets)
        if octets[:2] == b"MZ":
            return _pe(octets)
        if octets[:4] in _MACHO_SIMPLE:
            return _macho([struct.unpack_from(_MACHO_SIMPLE[octets[:4]] + "I", octets, 4)[0]])
        if octets[:4] in _MACHO_MULTIPLE:
            return _macho(_processeurs(octets))
    except struct.error:
        raise _illisible("son début est coupé") from None
    raise _illisible("ce n'est pas une bibliothèque")


def ce_processus() -> Binaire:
    """What this Python was built for: the only kind of library it can load."""
    nom = sysconfig.get_platform() if sys.platform == "win32" else platform.machine()  # Windows tells the machine's
    machine = _MACHINES.get(nom.lower(), nom.lower())
    if struct.calcsize("P") == 4:
        machine = {"x86_64": "x86", "arm64": "arm"}.get(machine, machine)
    return Binaire(_SYSTEMES.get(sys.platform, sys.platform), frozenset({machine}))


def exiger_chargeable(chemin: Path, action: str) -> None:
    """Refuse a file this process cannot load; `action` says what to do.

    Raises BIBLIOTHEQUE_ABSENTE, BIBLIOTHEQUE_ILLISIBLE or BIBLIOTHEQUE_AUTRE_ARCHITECTURE.
    """
    try:
        with chemin.open("rb") as flux:
            binaire = lire_entete(flux.read(_TAILLE_ENTETE))
            taille = flux.seek(0, os.SEEK_END)
    except FormatInvalide as refus:
        raise ErreurConnue(refus.message, code=refus.code, ou=str(chemin), action=action) from None
    except OSError as erreur:
        raise ErreurConnue(
            "La bibliothèque n'existe pas ou ne peut pas être lue.", code="BIBLIOTHEQUE_ABSENTE", ou=str(chemin),
            action=action,
        ) from erreur
    ici = ce_processus()
    if binaire.systeme != ici.systeme or not binaire.machines & ici.machines:
        raise ErreurConnue(
            f"La bibliothèque est faite pour {binaire.libelle()}, ce programme pour {ici.libelle()}.",
            code="BIBLIOTHEQUE_AUTRE_ARCHITECTURE", ou=str(chemin), action=action,
        )
    if taille < binaire.taille:  # Linux would map it as it is, and the program would die at the first missing page
        raise ErreurConnue(
            "La bibliothèque est incomplète.", code="BIBLIOTHEQUE_ILLISIBLE", ou=str(chemin), action=action
        )


def _elf(octets: bytes) -> Binaire:
    sens = {1: "<", 2: ">"}.get(octets[5] if len(octets) > 5 else 0)
    if sens is None:
        raise _illisible("son ordre d'octets n'est pas connu")
    (machine,) = struct.unpack_from(sens + "H", octets, 18)
    debut = struct.unpack_from(sens + "Q", octets, 40) if octets[4] == 2 else struct.unpack_from(sens + "I", octets, 32)
    taille_section, sections = struct.unpack_from(sens + "HH", octets, 58 if octets[4] == 2 else 46)
    return Binaire("Linux", frozenset({_nommer(_ELF, machine)}), debut[0] + taille_section * sections)


def _pe(octets: bytes) -> Binaire:
    (debut,) = struct.unpack_from("<I", octets, 0x3C)
    if octets[debut : debut + 4] != b"PE\0\0":
        raise _illisible("c'est un ancien programme DOS ou un fichier abîmé")
    return Binaire("Windows", frozenset({_nommer(_PE, struct.unpack_from("<H", octets, debut + 4)[0])}))


def _processeurs(octets: bytes) -> Iterator[int]:
    (nombre,) = struct.unpack_from(">I", octets, 4)
    if not 0 < nombre <= _PROCESSEURS_MAXIMUM:
        raise _illisible("ce n'est pas une bibliothèque")
    for rang in range(nombre):
        yield struct.unpack_from(">I", octets, 8 + rang * _MACHO_MULTIPLE[octets[:4]])[0]


def _macho(types: Iterator[int] | list[int]) -> Binaire:
    return Binaire("macOS", frozenset(_nommer(_MACHO, numero) for numero in types))


def _nommer(noms: dict[int, str], numero: int) -> str:
    return noms.get(numero, f"{numero:#x}")


def _illisible(pourquoi: str) -> FormatInvalide:
    return FormatInvalide(f"La bibliothèque ne peut pas être lue : {pourquoi}.", code="BIBLIOTHEQUE_ILLISIBLE")
