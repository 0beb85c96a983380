"""The PKCS#11 module: where a platform keeps the Cryptolib's, and how a module is called without freezing the program.

Every call to a module is made on one thread of its own and bounded in time (`fil_dedie`): the binding initialises
modules for a single thread, and a driver that hangs must cost a sentence, not the program.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sesam_desktop.noyau.erreurs import ErreurConnue

from .bibliotheque import exiger_chargeable
from .fil_dedie import FilDedie, fil_de

T = TypeVar("T")

DELAI = 30.0  # seconds; a signature by a real card takes two or three
_ACTION = "Installez la Cryptolib CPS faite pour ce programme, ou corrigez son chemin dans Paramètres."
_LINUX = ("/usr/local/galss", "/usr/local/lib", "/usr/lib", "/opt/santesocial/CPS/lib")
_MACOS = ("/usr/local/lib/libcps3_pkcs11_osx.dylib", "/Library/Frameworks/cps3.framework/cps3_pkcs11")


def trouver_module(reglage: str = "", emplacements: Sequence[Path] | None = None) -> Path | None:
    """The module to use: the one of the setting when there is one, else the first of the platform's usual places.

    None when the setting is empty and no Cryptolib is installed. A setting is never replaced by something else: a
    wrong path is told when the module is loaded.
    """
    if reglage:
        return Path(reglage)
    connus = emplacements_usuels() if emplacements is None else emplacements
    return next((chemin for chemin in connus if chemin.is_file()), None)


def emplacements_usuels() -> list[Path]:
    """Where installers of the Cryptolib put its module on this platform, for a process of this bitness."""
    if sys.platform == "win32":  # System32 is the folder of the process's own bitness: Windows redirects it
        systeme = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"
        return [systeme / f"cps3_pkcs11_w{8 * struct.calcsize('P')}.dll"]
    if sys.platform == "darwin":
        return [Path(chemin) for chemin in _MACOS]
    return [Path(dossier) / "libcps3_pkcs11_lux.so" for dossier in _LINUX]


class ModulePkcs11:
    """A module of this process. Loaded at its first use, then kept: a second loading would be refused by the module."""

    def __init__(self, chemin: Path, delai: float = DELAI) -> None:
        self._chemin = chemin
        self._delai = delai

    def faire(
        self,
        travail: Callable[[Any], T],
        *,
        defaire: Callable[[T], object] = lambda _: None,
    ) -> T:
        """Result of `travail` (given the loaded library) on the module's thread; `defaire` undoes one that comes late.

        Raises MODULE_PKCS11_ABSENT, MODULE_PKCS11_SANS_REPONSE, BIBLIOTHEQUE_* (bitness, damaged file), or what
        `travail` raised.
        """
        return self._fil.faire(lambda: travail(_charger(self._chemin)), self._delai, defaire)

    def finir(self, travail: Callable[[], object], delai: float) -> None:
        """Do `travail` on the module's thread, even after a call that hangs; wait for it `delai` seconds at most."""
        self._fil.finir(travail, delai)

    @property
    def _fil(self) -> FilDedie:
        return fil_de(self._chemin, "Le module de la carte du professionnel", "MODULE_PKCS11_SANS_REPONSE")


def _charger(chemin: Path) -> Any:
    import pkcs11

    if not chemin.is_file():
        raise _absent(chemin)
    exiger_chargeable(chemin, _ACTION)
    try:
        return pkcs11.lib(str(chemin.resolve()))
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as erreur:
        raise _absent(chemin) from erreur


def _absent(chemin: Path) -> ErreurConnue:
    return ErreurConnue(
        "Le module de la carte du professionnel n'a pas pu être chargé.", code="MODULE_PKCS11_ABSENT",
        ou=str(chemin), action=_ACTION,
    )
