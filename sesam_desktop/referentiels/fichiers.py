"""The official files on the disk: found, read, dated; every failure is a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

from sesam_desktop.noyau.erreurs import ErreurConnue

from .bdpm import Rejet


def octets(chemin: Path, action: str) -> bytes:
    """The content of the file. Raises FICHIER_ABSENT, with what to do."""
    try:
        return chemin.read_bytes()
    except OSError as erreur:
        raise ErreurConnue(
            "Ce fichier est absent ou illisible.", code="FICHIER_ABSENT", ou=str(chemin), action=action
        ) from erreur


def trouver(chemin: Path, motifs: Iterable[str]) -> list[Path]:
    """`chemin` itself when it is no folder; otherwise the one file of it that follows each pattern.

    Raises FICHIER_ABSENT when there is none, FICHIER_AMBIGU when there are several.
    """
    return [_le_seul(chemin, motif) for motif in motifs] if chemin.is_dir() else [chemin]


def date_des_fichiers(chemins: Iterable[Path]) -> str:
    """Day of the newest of them: the version of a table that does not say its own."""
    return datetime.fromtimestamp(max(c.stat().st_mtime for c in chemins), UTC).date().isoformat()


def illisible(chemin: Path, refus: list[Rejet], action: str) -> ErreurConnue:
    """None of the lines could be kept: the import is refused, with the reason of the first line."""
    premier = f" (ligne {refus[0].ligne} : {refus[0].motif})" if refus else ""
    return ErreurConnue(
        f"Aucune ligne de ce fichier n'est lisible{premier} : rien n'a été modifié.",
        code="TABLE_ILLISIBLE", ou=str(chemin), action=action,
    )  # fmt: skip


def _le_seul(dossier: Path, motif: str) -> Path:
    trouves = [f for f in dossier.iterdir() if f.is_file() and fnmatch(f.name.lower(), motif.lower())]
    if len(trouves) == 1:
        return trouves[0]
    if not trouves:
        raise ErreurConnue(
            f"Ce dossier ne contient aucun fichier « {motif} ».", code="FICHIER_ABSENT", ou=str(dossier),
            action="Indiquez le fichier officiel, ou le dossier qui le contient.",
        )  # fmt: skip
    raise ErreurConnue(
        f"Ce dossier contient {len(trouves)} fichiers « {motif} ».", code="FICHIER_AMBIGU", ou=str(dossier),
        action="Indiquez lequel importer.",
    )  # fmt: skip
