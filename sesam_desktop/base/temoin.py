"""Numbers given to the outside world, noted in a small file beside the database: a backup restored forgets them.

One line a number, on the disk before the number is used. The file stays where it is when the database is replaced or
lost. A torn line loses itself alone: each one is written after an end of line.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from .fichiers import creer_prive, synchroniser_dossier, traduire

FACTURE = "facture"  # counter of the invoices' numbers
_FIN = 256  # bytes read from the end of a file of plain numbers: the last one is there
_NOMBRE = re.compile(rb"[0-9]{1,9}")


def a_cote(base: Path, nom: str) -> Path:
    """The file of these numbers, for the database `base`."""
    return base.with_name(f"{base.name}.{nom}")


def noter(chemin: Path, ligne: str) -> None:
    """Durable when this returns. Raises DISQUE_PLEIN, ACCES_REFUSE…"""
    nouveau = not chemin.exists()
    try:
        creer_prive(chemin)
        with chemin.open("ab") as flux:
            flux.write(f"\n{ligne}".encode())
            flux.flush()
            os.fsync(flux.fileno())
        if nouveau:
            synchroniser_dossier(chemin.parent)
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur


def dernier(chemin: Path) -> int:
    """The highest of the last numbers noted, 0 when there is none: one torn is lower than the one it was to be."""
    try:
        with chemin.open("rb") as flux:
            flux.seek(max(0, flux.seek(0, os.SEEK_END) - _FIN))
            lignes = flux.read().split(b"\n")[1:]  # the first may be the end of one
    except FileNotFoundError:
        return 0
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur
    return max((int(ligne) for ligne in lignes if _NOMBRE.fullmatch(ligne)), default=0)
