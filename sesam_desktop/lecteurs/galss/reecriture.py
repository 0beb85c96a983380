"""Put a configuration file of the platform in place of another: in one step, the former one kept beside it.

Two programs may write such a file in turn, each undoing the other: past two rewritings in half an hour (told by the
copies kept beside it) the program stops and says so.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sesam_desktop.base.fichiers import remplacement, remplacer, traduire
from sesam_desktop.noyau.erreurs import ErreurConnue

from .changement import Changement
from .ini import TAILLE_MAX

REECRITURES_MAX = 2
PERIODE = timedelta(minutes=30)
_MODE_NOUVEAU = 0o644
_INSTANT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Bilan:
    """What was done. `sauvegarde` is the copy of the former file."""

    ecrit: bool
    sauvegarde: Path | None = None
    changements: tuple[Changement, ...] = ()


def lire(chemin: Path) -> bytes | None:
    """Content of the file, None when there is none; no more than shows that it is too big. Raises ErreurConnue."""
    try:
        with chemin.open("rb") as flux:
            return flux.read(TAILLE_MAX + 1)
    except FileNotFoundError:
        return None
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur


def reecrire(chemin: Path, avant: bytes | None, apres: bytes, maintenant: datetime) -> Path | None:
    """Write `apres` where `avant` stood; the copy of `avant`. Raises ErreurConnue, with the file as it was."""
    chemin = chemin.resolve()
    if lire(chemin) != avant:
        raise ErreurConnue(
            "Ce fichier a été modifié par un autre programme pendant l'opération.",
            code="FICHIER_MODIFIE",
            action="Recommencez.",
            ou=str(chemin),
        )
    _exiger_mesure(chemin, maintenant)
    _exiger_inscriptible(chemin)
    try:
        sauvegarde = None if avant is None else _sauvegarder(chemin, avant, maintenant)
        _ecrire_ou_retirer(chemin, apres, sauvegarde)
    except ErreurConnue as erreur:
        raise _interdit(chemin) if erreur.code == "ACCES_REFUSE" else erreur from erreur.__cause__
    return sauvegarde


def reecritures(chemin: Path, maintenant: datetime) -> list[datetime]:
    """When this file was rewritten within the period, told by the copies kept beside it."""
    nom = re.compile(re.escape(chemin.name) + r"\.([0-9]{8}T[0-9]{6}Z)(?:-[0-9]+)?\.bak")
    try:
        trouvees = [nom.fullmatch(voisin.name) for voisin in chemin.parent.iterdir()]
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur
    instants = (_instant(trouvee[1]) for trouvee in trouvees if trouvee)
    return sorted(i for i in instants if i is not None and abs(maintenant.astimezone(UTC) - i) < PERIODE)


def _exiger_mesure(chemin: Path, maintenant: datetime) -> None:
    if len(reecritures(chemin, maintenant)) >= REECRITURES_MAX:
        raise ErreurConnue(
            f"Ce fichier a déjà été réécrit {REECRITURES_MAX} fois en {PERIODE.seconds // 60} minutes.",
            code="REECRITURES_REPETEES",
            action="Un autre logiciel le remet sans doute dans son état : fermez-le, ou laissez le fichier tel quel.",
            ou=str(chemin),
        )


def _exiger_inscriptible(chemin: Path) -> None:
    """A file its owner protected is not replaced, even where the folder would allow it."""
    if not os.access(chemin if chemin.exists() else chemin.parent, os.W_OK):
        raise _interdit(chemin)


def _interdit(chemin: Path) -> ErreurConnue:
    """The system tells it late on Windows, or when the folder alone is protected."""
    return ErreurConnue(
        "Votre compte n'a pas le droit d'écrire ce fichier.",
        code="ACCES_REFUSE",
        action="Fermez les logiciels qui l'utilisent, puis recommencez depuis un compte administrateur.",
        ou=str(chemin),
    )


def _sauvegarder(chemin: Path, octets: bytes, maintenant: datetime) -> Path:
    base = f"{chemin.name}.{maintenant.astimezone(UTC).strftime(_INSTANT)}"
    noms = [f"{base}.bak", *(f"{base}-{rang}.bak" for rang in range(2, REECRITURES_MAX + 1))]  # never more a period
    libre = next(chemin.parent / nom for nom in noms if not (chemin.parent / nom).exists())
    remplacer(libre, octets, stat.S_IMODE(chemin.stat().st_mode))
    return libre


def _ecrire_ou_retirer(chemin: Path, octets: bytes, sauvegarde: Path | None) -> None:
    """A copy without a rewriting would count as one: two full disks would forbid the third attempt."""
    try:
        _ecrire(chemin, octets)
    except BaseException:
        with contextlib.suppress(OSError):
            if sauvegarde is not None and chemin.read_bytes() == sauvegarde.read_bytes():
                sauvegarde.unlink()
        raise


def _ecrire(chemin: Path, octets: bytes) -> None:
    """Same permissions and owner as the file replaced."""
    ancien = chemin.stat() if chemin.exists() else None
    with remplacement(chemin, stat.S_IMODE(ancien.st_mode) if ancien else _MODE_NOUVEAU) as flux:
        if ancien is not None and os.name != "nt":
            with contextlib.suppress(PermissionError):  # only an administrator may give a file away
                os.fchown(flux.fileno(), ancien.st_uid, ancien.st_gid)
        flux.write(octets)


def _instant(texte: str) -> datetime | None:
    try:
        return datetime.strptime(texte, _INSTANT).replace(tzinfo=UTC)
    except ValueError:
        return None
