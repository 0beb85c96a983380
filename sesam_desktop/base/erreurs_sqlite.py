"""What SQLite says when the world fails, as sentences: base busy, disk full, file damaged, access refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sesam_desktop.noyau.erreurs import ErreurConnue

_DISQUE_PLEIN = (
    "DISQUE_PLEIN",
    "Le disque est plein : l'opération n'a pas été enregistrée.",
    "Libérez de la place sur le disque, puis recommencez.",
)
_ABIMEE = (
    "BASE_ABIMEE",
    "La base de données est endommagée.",
    "Restaurez la dernière sauvegarde (commande « restaurer »).",
)
_INACCESSIBLE = (
    "BASE_INACCESSIBLE",
    "La base de données ne peut pas être ouverte ou modifiée.",
    "Vérifiez que le dossier du poste existe et que votre compte a le droit d'y écrire.",
)
_OCCUPEE = (
    "BASE_OCCUPEE",
    "La base de données est utilisée par une autre opération : rien n'a été enregistré.",
    "Attendez qu'elle se termine, ou fermez l'autre programme, puis recommencez.",
)
_DISQUE = (
    "DISQUE_EN_ERREUR",
    "Le disque n'a pas pu lire ou écrire la base de données.",
    "Vérifiez le disque et la place libre, puis recommencez.",
)
_FERMEE = ("BASE_FERMEE", "La base de données est fermée.", "Relancez le programme.")

_PAR_CODE = {
    sqlite3.SQLITE_FULL: _DISQUE_PLEIN,
    sqlite3.SQLITE_CORRUPT: _ABIMEE,
    sqlite3.SQLITE_NOTADB: _ABIMEE,
    sqlite3.SQLITE_CANTOPEN: _INACCESSIBLE,
    sqlite3.SQLITE_READONLY: _INACCESSIBLE,
    sqlite3.SQLITE_PERM: _INACCESSIBLE,
    sqlite3.SQLITE_AUTH: _INACCESSIBLE,
    sqlite3.SQLITE_BUSY: _OCCUPEE,
    sqlite3.SQLITE_LOCKED: _OCCUPEE,
    sqlite3.SQLITE_IOERR: _DISQUE,
}


def traduire(erreur: sqlite3.Error, chemin: Path) -> Exception:
    """The ErreurConnue that `erreur` stands for, or `erreur` itself when it is a bug (bad SQL, broken constraint)."""
    if isinstance(erreur, sqlite3.ProgrammingError) and "closed" in str(erreur):
        return _connue(_FERMEE, chemin)
    code = getattr(erreur, "sqlite_errorcode", None)
    trouve = _PAR_CODE.get(code & 0xFF) if code is not None else None  # the low byte is the primary code
    return _connue(trouve, chemin) if trouve else erreur


def abimee(chemin: Path) -> ErreurConnue:
    """The error of a content that nothing of ours can have written: text that is no text, a document that is none."""
    return _connue(_ABIMEE, chemin)


def fermee(chemin: Path) -> ErreurConnue:
    """The error of a call that comes after the database was closed."""
    return _connue(_FERMEE, chemin)


def _connue(trouve: tuple[str, str, str], chemin: Path) -> ErreurConnue:
    code, message, action = trouve
    return ErreurConnue(message, code=code, action=action, ou=chemin.name)
