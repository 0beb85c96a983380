"""One worker at a time on one outside thing, over every process of this profile.

The lock belongs to the open file, so the system releases it when its process dies, however it dies: what a killed
worker left half-way can be taken up by the next one without waiting for any delay.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sesam_desktop.base.fichiers import creer_prive, traduire
from sesam_desktop.noyau.erreurs import ErreurConnue


@contextmanager
def seul(base: Path, activite: str, message: str) -> Iterator[None]:
    """Hold the lock `activite` of the workstation kept in `base`. Raises DEJA_EN_COURS with `message`."""
    chemin = base.with_name(f"{base.name}.{activite}.verrou")
    creer_prive(chemin)
    try:
        fichier = chemin.open("ab")
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur
    with fichier:
        try:
            _prendre(fichier)
        except OSError:
            raise ErreurConnue(
                message, code="DEJA_EN_COURS", action="Attendez qu'elle se termine, puis recommencez."
            ) from None
        yield


if sys.platform == "win32":
    import msvcrt

    def _prendre(fichier: BinaryIO) -> None:
        fichier.seek(0)
        msvcrt.locking(fichier.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _prendre(fichier: BinaryIO) -> None:
        fcntl.flock(fichier, fcntl.LOCK_EX | fcntl.LOCK_NB)
