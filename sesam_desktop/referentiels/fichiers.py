"""The official files on the disk: found, read, dated; every failure is a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def trouver(chemin: Path, dispositions: Sequence[Sequence[str]]) -> list[Path]:
    """The files of one disposition (patterns of the files a table is made of), in the folder or beside the file.

    A folder answers by the first disposition it holds a file of. A file brings those that go with it
    (``LPP_FICHE_TOT901.dbf`` brings ``LPP_HISTO_TOT901.dbf``); one that no pattern knows comes alone.
    Raises FICHIER_ABSENT when one is missing, FICHIER_AMBIGU when a folder holds several.
    """
    if not chemin.exists():
        return [chemin]
    if not chemin.is_dir():
        return [chemin, *_freres(chemin, dispositions)]
    presents = [f for f in chemin.iterdir() if f.is_file()]
    disposition = next((d for d in dispositions if any(_suit(f, m) for m in d for f in presents)), dispositions[0])
    return [_le_seul(chemin, presents, motif) for motif in disposition]


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


def _suit(fichier: Path, motif: str) -> bool:
    return fnmatch(fichier.name.lower(), motif.lower())


def _freres(chemin: Path, dispositions: Sequence[Sequence[str]]) -> list[Path]:
    disposition, sien = next(((d, m) for d in dispositions for m in d if _suit(chemin, m)), ((), ""))
    avant, _, apres = sien.partition("*")
    numero = chemin.name[len(avant) : len(chemin.name) - len(apres)] if "*" in sien else ""
    presents = [f for f in chemin.parent.iterdir() if f.is_file()] if len(disposition) > 1 else []
    return [_le_seul(chemin.parent, presents, motif.replace("*", numero)) for motif in disposition if motif != sien]


def _le_seul(dossier: Path, presents: Sequence[Path], motif: str) -> Path:
    trouves = [f for f in presents if _suit(f, motif)]
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
