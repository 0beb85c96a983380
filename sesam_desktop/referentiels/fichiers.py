"""The official files on the disk: found, read, dated; every failure is a sentence."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

from sesam_desktop.noyau.erreurs import ErreurConnue

from .bdpm import Rejet

TAILLE_MAX = 300_000_000  # bytes; the largest official table is ten times smaller
_ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_NOM_MAX = 300


def octets(chemin: Path, action: str) -> bytes:
    """The content of the file. Raises FICHIER_ABSENT, FICHIER_TROP_GROS, TABLE_ILLISIBLE, with what to do."""
    if not os.path.isfile(chemin):  # noqa: PTH113 - Path.is_file raises on a name too long, on a folder one may not read
        raise _absent(chemin, action)
    try:
        taille, lus = chemin.stat().st_size, b""
        if taille <= TAILLE_MAX:
            lus = chemin.read_bytes()
    except OSError as erreur:
        raise _absent(chemin, action) from erreur
    if taille > TAILLE_MAX:
        raise ErreurConnue(
            f"Ce fichier de {taille // 1_000_000} Mo est trop gros pour une table officielle.",
            code="FICHIER_TROP_GROS", ou=_nom(chemin), action=action,
        )  # fmt: skip
    if lus.startswith(_ARCHIVES):
        raise ErreurConnue(
            "Ce fichier est une archive ou un classeur, pas une table : rien n'a été modifié.",
            code="TABLE_ILLISIBLE", ou=_nom(chemin),
            action="Dépliez l'archive, ou enregistrez le classeur au format CSV, puis indiquez le fichier obtenu.",
        )  # fmt: skip
    return lus


def trouver(chemin: Path, dispositions: Sequence[Sequence[str]]) -> list[Path]:
    """The files of one disposition (patterns of the files a table is made of), in the folder or beside the file.

    A folder answers by the first disposition it holds a file of. A file brings those that go with it
    (``LPP_FICHE_TOT901.dbf`` brings ``LPP_HISTO_TOT901.dbf``); one that no pattern knows comes alone.
    Raises FICHIER_ABSENT when one is missing, FICHIER_AMBIGU when a folder holds several.
    """
    if not os.path.isdir(chemin):  # noqa: PTH112 - same as above
        return [chemin, *_freres(chemin, dispositions)] if os.path.isfile(chemin) else [chemin]  # noqa: PTH113
    presents = _presents(chemin)
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


def _absent(chemin: Path, action: str) -> ErreurConnue:
    return ErreurConnue(
        "Ce fichier est absent ou illisible.", code="FICHIER_ABSENT", ou=_nom(chemin), action=action
    )  # fmt: skip


def _nom(chemin: Path) -> str:
    """The path as a sentence can hold it."""
    texte = str(chemin)
    return texte if len(texte) <= _NOM_MAX else f"…{texte[-_NOM_MAX:]}"


def _presents(dossier: Path) -> list[Path]:
    try:
        return [f for f in dossier.iterdir() if f.is_file()]
    except OSError as erreur:
        raise _absent(dossier, "Vérifiez que votre compte a le droit de lire ce dossier.") from erreur


def _suit(fichier: Path, motif: str) -> bool:
    return fnmatch(fichier.name.lower(), motif.lower())


def _freres(chemin: Path, dispositions: Sequence[Sequence[str]]) -> list[Path]:
    disposition, sien = next(((d, m) for d in dispositions for m in d if _suit(chemin, m)), ((), ""))
    avant, _, apres = sien.partition("*")
    numero = chemin.name[len(avant) : len(chemin.name) - len(apres)] if "*" in sien else ""
    presents = _presents(chemin.parent) if len(disposition) > 1 else []
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
