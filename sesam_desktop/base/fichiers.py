"""Files are replaced, never rewritten: whoever reads `chemin` finds the old content or the new one, whole.

Temporary file beside the target, permissions, write, flush, fsync, ``os.replace``, fsync of the folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sesam_desktop.noyau.erreurs import ErreurConnue

MODE_PRIVE = 0o600

_PHRASES = {
    errno.ENOSPC: (
        "DISQUE_PLEIN",
        "Le disque est plein : le fichier n'a pas été écrit.",
        "Libérez de la place sur le disque, puis recommencez.",
    ),
    errno.EACCES: (
        "ACCES_REFUSE",
        "Votre compte n'a pas le droit de lire ou d'écrire ce fichier.",
        "Choisissez un autre dossier, ou demandez ce droit.",
    ),
    errno.EROFS: (
        "ACCES_REFUSE",
        "Ce disque est en lecture seule : le fichier n'a pas été écrit.",
        "Choisissez un autre dossier.",
    ),
    errno.ENOENT: (
        "FICHIER_ABSENT",
        "Ce fichier ou son dossier n'existe pas.",
        "Vérifiez le chemin indiqué.",
    ),
    errno.EISDIR: ("CHEMIN_INVALIDE", "Ce chemin désigne un dossier, pas un fichier.", "Indiquez un fichier."),
}
_PHRASES[errno.EDQUOT] = _PHRASES[errno.ENOSPC]
_PHRASES[errno.EPERM] = _PHRASES[errno.EACCES]
_PHRASES[errno.ENOTDIR] = _PHRASES[errno.ENOENT]
_AUTRE = (
    "DISQUE_EN_ERREUR",
    "Le disque n'a pas pu lire ou écrire ce fichier.",
    "Vérifiez le disque, puis recommencez.",
)


def traduire(erreur: OSError, chemin: Path) -> ErreurConnue:
    """`erreur` as a sentence about `chemin`."""
    code, message, action = _PHRASES.get(erreur.errno or 0, _AUTRE)
    return ErreurConnue(message, code=code, action=action, ou=str(chemin))


@contextmanager
def remplacement(chemin: Path, mode: int = MODE_PRIVE) -> Iterator[BinaryIO]:
    """A file to fill; it takes the place of `chemin` when the block ends without error, and vanishes otherwise."""
    try:
        descripteur, nom = tempfile.mkstemp(prefix=f".{chemin.name}.", suffix=".tmp", dir=chemin.parent)
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur
    provisoire = Path(nom)
    try:
        with os.fdopen(descripteur, "wb") as flux:
            provisoire.chmod(mode)
            yield flux
            flux.flush()
            os.fsync(flux.fileno())
        provisoire.replace(chemin)
        synchroniser_dossier(chemin.parent)
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur
    finally:
        with contextlib.suppress(OSError):
            provisoire.unlink(missing_ok=True)


def remplacer(chemin: Path, octets: bytes, mode: int = MODE_PRIVE) -> None:
    """Put `octets` at `chemin`, durably. Raises DISQUE_PLEIN, ACCES_REFUSE, FICHIER_ABSENT or DISQUE_EN_ERREUR."""
    with remplacement(chemin, mode) as flux:
        flux.write(octets)


def creer_prive(chemin: Path) -> None:
    """Make `chemin`, empty and for its owner only, unless it is there: SQLite would ask the umask.

    Its journals take the rights of the file.
    """
    try:
        os.close(os.open(chemin, os.O_CREAT | os.O_RDONLY, MODE_PRIVE))
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur


def dossier_prive(dossier: Path) -> None:
    """Make a folder that only its owner enters, and those it lacks above it, unless it is there."""
    if not dossier.parent.exists():
        dossier_prive(dossier.parent)
    dossier.mkdir(exist_ok=True, mode=0o700)


def synchroniser_dossier(dossier: Path) -> None:
    """Make the names in `dossier` durable. Windows has no such call: a rename is journaled there."""
    if os.name == "nt":
        return
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
