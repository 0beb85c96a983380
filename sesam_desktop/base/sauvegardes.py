"""Backups: one zip that holds the database and a manifest (schema, counts, SHA-256), verified before use.

The zip and its manifest are a format of the project. The keys, the certificates and the settings are not in it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

from . import temoin
from .connexion import FICHIER, Base
from .copies import copier, ouvrir_en_lecture
from .erreurs_sqlite import traduire as traduire_sqlite
from .fichiers import remplacement, synchroniser_dossier
from .fichiers import traduire as traduire_systeme
from .migrations import VERSION, exiger_notre_schema
from .verification import Bilan, controler

FORMAT = "sauvegarde-sesam-desktop-1"
_MANIFESTE = "manifeste.json"
_BLOC = 1 << 20
_NUMEROS_SAUTES = 10_000  # more than a workstation gives between two backups; a fund does not mind a gap [P]
_GARDER_LE_PLUS_GRAND = (
    "INSERT INTO compteur (nom, valeur) VALUES (?, ?)"
    " ON CONFLICT (nom) DO UPDATE SET valeur = max(valeur, excluded.valeur)"
)


@dataclass(frozen=True, slots=True)
class Manifeste:
    format: str
    cree_le: str
    schema: int
    sha256: str
    taille: int
    factures: int
    evenements: int


def sauvegarder(base: Base, cible: Path) -> Manifeste:
    """Write a backup of the open `base` at `cible`; a file already there is replaced only by a whole one."""
    with _copie_a_cote(base.chemin, cible) as copie:
        bilan = _verifier(copie, base.chemin.name)
        manifeste = _decrire(copie, bilan)
        with remplacement(cible) as flux, zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_MANIFESTE, json.dumps(asdict(manifeste), indent=2))
            archive.write(copie, FICHIER)
    return manifeste


def restaurer(source: Path, chemin: Path) -> Manifeste:
    """Replace the database at `chemin` by the one of the backup `source`, once verified.

    The database replaced is kept beside (``….avant-restauration``). Refused while another program has it open.
    Numbers given since the backup are not given again: the funds have seen them. When nothing tells which they are,
    the next invoice is numbered far after the last one of the backup.
    """
    provisoire = chemin.with_name(f".{chemin.name}.restauration")
    try:
        manifeste = _extraire(source, provisoire)
        _verifier(provisoire, source.name)
        _reprendre_compteurs(chemin, provisoire)
        _liberer(chemin)
        provisoire.replace(chemin)
        synchroniser_dossier(chemin.parent)
    except OSError as erreur:
        raise traduire_systeme(erreur, chemin) from erreur
    finally:
        provisoire.unlink(missing_ok=True)
    return manifeste


@contextmanager
def _copie_a_cote(source: Path, cible: Path) -> Iterator[Path]:
    """A copy of the live database in the folder of the backup: never larger than what the backup needs anyway."""
    copie = cible.with_name(f".{cible.name}.base")
    try:
        copier(source, copie)
        yield copie
    finally:
        with suppress(OSError):
            copie.unlink(missing_ok=True)


def _decrire(copie: Path, bilan: Bilan) -> Manifeste:
    with copie.open("rb") as flux:
        sha256 = hashlib.file_digest(flux, "sha256").hexdigest()
    return Manifeste(
        FORMAT, datetime.now(UTC).isoformat(timespec="seconds"), VERSION, sha256, copie.stat().st_size,
        bilan.factures, bilan.evenements,
    )


def _verifier(copie: Path, nom: str) -> Bilan:
    """The content of a copy, refused unless it is one of our databases and whole."""
    try:
        with closing(sqlite3.connect(copie)) as connexion:
            if exiger_notre_schema(connexion, nom) == 0:
                raise _refus("Le fichier ne contient aucune base de données.", nom)
            bilan = controler(connexion)
    except sqlite3.Error as erreur:
        raise traduire_sqlite(erreur, Path(nom)) from erreur
    if bilan.rupture:
        raise ErreurConnue(
            bilan.rupture, code="BASE_ABIMEE", ou=nom,
            action="Rien n'a été remplacé. Conservez ce fichier et utilisez une sauvegarde antérieure.",
        )
    return bilan


def _extraire(source: Path, provisoire: Path) -> Manifeste:
    """Write the database of the backup at `provisoire`, checked against the manifest."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifeste = _lire_manifeste(archive.read(_MANIFESTE), source.name)
            with remplacement(provisoire) as flux, archive.open(FICHIER) as lu:
                shutil.copyfileobj(lu, flux, _BLOC)
    except OSError as erreur:
        raise traduire_systeme(erreur, source) from erreur
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError, ValueError) as erreur:
        raise _refus("Ce fichier n'est pas une sauvegarde de Sesam Desktop.", source.name) from erreur
    with provisoire.open("rb") as flux_lu:
        if hashlib.file_digest(flux_lu, "sha256").hexdigest() != manifeste.sha256:
            raise _refus("La sauvegarde est endommagée : son contenu ne correspond pas à son empreinte.", source.name)
    return manifeste


def _lire_manifeste(octets: bytes, nom: str) -> Manifeste:
    lu: Any = json.loads(octets)
    if not isinstance(lu, dict) or lu.get("format") != FORMAT:
        raise _refus("Le format de cette sauvegarde n'est pas connu de cette version.", nom)
    try:
        return Manifeste(**lu)
    except TypeError as erreur:
        raise _refus("Le manifeste de la sauvegarde est incomplet.", nom) from erreur


def _refus(message: str, nom: str) -> ErreurConnue:
    return ErreurConnue(
        message, code="SAUVEGARDE_INVALIDE", ou=nom, action="Rien n'a été remplacé. Choisissez une autre sauvegarde."
    )


def _reprendre_compteurs(presente: Path, restauree: Path) -> None:
    """Counters only grow. What is noted beside the database is read when a number is given (`compteurs`)."""
    donnes = _compteurs(presente)
    if not donnes and not temoin.a_cote(presente, temoin.FACTURE).exists():
        donnes = [(nom, valeur + _NUMEROS_SAUTES) for nom, valeur in _compteurs(restauree) if nom == temoin.FACTURE]
    try:
        with closing(sqlite3.connect(restauree)) as ecrite, ecrite:
            ecrite.executemany(_GARDER_LE_PLUS_GRAND, donnes)
    except sqlite3.Error as erreur:
        raise traduire_sqlite(erreur, restauree) from erreur


def _compteurs(base: Path) -> list[tuple[str, int]]:
    """A database absent or that cannot be read has nothing to say: it is why one restores."""
    if not base.exists():
        return []
    try:
        with closing(ouvrir_en_lecture(base)) as lue:
            return lue.execute("SELECT nom, valeur FROM compteur").fetchall()
    except sqlite3.Error:
        return []


def _liberer(chemin: Path) -> None:
    """Keep the present database beside, and make sure that nobody uses it and that no journal of it remains."""
    if not chemin.exists():
        return
    _replier(chemin)
    with remplacement(chemin.with_name(f"{chemin.name}.avant-restauration")) as flux, chemin.open("rb") as lu:
        shutil.copyfileobj(lu, flux, _BLOC)
    for suffixe in ("-wal", "-shm"):  # a journal left beside the new file would be played into it
        chemin.with_name(chemin.name + suffixe).unlink(missing_ok=True)


def _replier(chemin: Path) -> None:
    """Fold the WAL into the file: SQLite grants it only to the one program that has the file open."""
    try:
        with closing(sqlite3.connect(chemin, timeout=1)) as connexion:
            connexion.execute("PRAGMA journal_mode = delete")
    except sqlite3.Error as erreur:
        traduite = traduire_sqlite(erreur, chemin)
        if getattr(traduite, "code", "") != "BASE_ABIMEE":  # a damaged file is exactly what one restores over
            raise traduite from erreur
