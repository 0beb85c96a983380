"""What the checks may ask about this computer; `sondes_bornees` caps each question.

A `Systeme` is the real one (`sondes_reelles`), a quiet one for the demonstration, or a double in tests. A question that
has no meaning on this system answers None (or nothing), and the check then says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

WINDOWS, MACOS, LINUX = "windows", "macos", "linux"


@dataclass(frozen=True, slots=True)
class Processus:
    """A running program. `nom` in lower case without ``.exe``; `chemin` "" when the system does not tell."""

    pid: int
    nom: str
    chemin: str = ""


@dataclass(frozen=True, slots=True)
class Ecoute:
    """A listening TCP port; `programme` "" when the system does not tell whose it is."""

    port: int
    programme: str = ""


@dataclass(frozen=True, slots=True)
class Usb:
    """A device on the bus: maker and product in lower-case hexadecimal; `carte_a_puce` when it declares that class."""

    vid: str
    pid: str
    nom: str = ""
    carte_a_puce: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the system. `automatique`: it starts with the computer."""

    en_marche: bool
    automatique: bool = False


@dataclass(frozen=True, slots=True)
class Installe:
    """A program of the system's own list of installed ones."""

    nom: str
    version: str


class Systeme(Protocol):
    """Questions about this computer. `nom` is ``windows``, ``macos`` or ``linux``. Nothing here changes anything.

    service: ``cartes`` (smart cards), ``certprop`` (propagation of certificates).
    reglage: ``sac`` (0, 1, 2), ``gatekeeper``, ``rosetta``, ``quarantaine`` and ``horloge`` (oui, non), ``compte`` and
    ``compte_bureau`` (accounts), ``bureau`` (folder), ``vpn`` (interface, "" when none), ``version`` (of the system).
    emplacements: ``galss``, ``fsv_x86``, ``fsv_x64``, ``cryptolib``: where these may be, present or not; ``sesam``: the
    copies there are, that of the latest FSV first.
    """

    nom: str

    def processus(self) -> list[Processus]: ...

    def ecoutes(self) -> list[Ecoute]: ...

    def usb(self) -> list[Usb] | None: ...

    def lecteurs_declares(self) -> list[str] | None:
        """Every reader that the system offers, those this program leaves out included."""

    def service(self, nom: str) -> Service | None: ...

    def installes(self) -> list[Installe]: ...

    def reglage(self, nom: str) -> str | None: ...

    def emplacements(self, nom: str) -> list[Path]: ...

    def lire(self, chemin: Path) -> bytes | None:
        """The file's bytes; None when it is not there."""

    def lister(self, dossier: Path) -> list[str] | None:
        """Names in the folder, sorted; None when it is not there."""

    def inscriptible(self, chemin: Path) -> bool:
        """May this account write this file, or in this folder?"""


class SystemeSimule:
    """Nothing to say: what surrounds a demonstration workstation is simulated. Files stay real."""

    nom = LINUX

    def processus(self) -> list[Processus]:
        return []

    def ecoutes(self) -> list[Ecoute]:
        return []

    def usb(self) -> list[Usb] | None:
        return None

    def lecteurs_declares(self) -> list[str] | None:
        return None

    def service(self, nom: str) -> Service | None:
        return None

    def installes(self) -> list[Installe]:
        return []

    def reglage(self, nom: str) -> str | None:
        return None

    def emplacements(self, nom: str) -> list[Path]:
        return []

    def lire(self, chemin: Path) -> bytes | None:
        from .sondes_reelles import lire

        return lire(chemin)

    def lister(self, dossier: Path) -> list[str] | None:
        from .sondes_reelles import lister

        return lister(dossier)

    def inscriptible(self, chemin: Path) -> bool:
        from .sondes_reelles import inscriptible

        return inscriptible(chemin)
