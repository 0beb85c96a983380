"""Is this database whole? SQLite's own check, the links between rows, the journal's chain, each document's hash."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from . import evenements

PREMIER_EVENEMENT = "composee"
_DU_MOMENT = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)  # not the file's


@dataclass(frozen=True, slots=True)
class Bilan:
    """`rupture` is the first thing found wrong, as a sentence without anything personal; None when all is well."""

    factures: int
    evenements: int
    rupture: str | None = None

    @property
    def integre(self) -> bool:
        return self.rupture is None


def controler(connexion: sqlite3.Connection) -> Bilan:
    """Read the whole file. One too damaged to be read to its end is a rupture too, with nothing counted."""
    try:
        return Bilan(
            factures=_compter(connexion, "document"),
            evenements=_compter(connexion, "evenement"),
            rupture=next(_ruptures(connexion), None),
        )
    except (sqlite3.DatabaseError, ValueError, TypeError) as erreur:  # text that is no text, a number that is none
        if isinstance(erreur, sqlite3.OperationalError) and getattr(erreur, "sqlite_errorcode", None) in _DU_MOMENT:
            raise
        return Bilan(0, 0, "Le fichier de la base est endommagé.")


def _compter(connexion: sqlite3.Connection, table: str) -> int:
    return connexion.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - a constant of ours


def _ruptures(connexion: sqlite3.Connection) -> Iterator[str]:
    yield from _structure(connexion)
    if rompue := evenements.verifier(connexion):
        yield rompue.phrase()
    yield from _documents(connexion)


def _structure(connexion: sqlite3.Connection) -> Iterator[str]:
    if connexion.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        yield "Le fichier de la base est endommagé."
    if lien := connexion.execute("PRAGMA foreign_key_check").fetchone():
        yield f"Une ligne de la table « {lien[0]} » désigne une ligne absente de « {lien[2]} »."


def _contenus(connexion: sqlite3.Connection) -> str:
    """Documents with their bytes, in their own column until schema 3: a backup is checked before it is migrated."""
    if any(colonne[1] == "contenu" for colonne in connexion.execute("PRAGMA table_info(document)")):
        return "SELECT numero, contenu, empreinte FROM document"
    return "SELECT numero, octets, empreinte FROM document LEFT JOIN contenu_document ON document_id = numero"


def _documents(connexion: sqlite3.Connection) -> Iterator[str]:
    """The first event of a document carries its hash: the chain therefore seals the documents too."""
    requete = "SELECT document, json_extract(donnees, '$.document') FROM evenement WHERE nom = ?"
    scellees = dict(connexion.execute(requete, (PREMIER_EVENEMENT,)))
    for numero, contenu, empreinte in connexion.execute(_contenus(connexion)):
        if contenu is None or hashlib.sha256(contenu).hexdigest() != empreinte:
            yield f"Le contenu de la facture {numero} a été modifié."
        elif numero not in scellees:
            yield f"La facture {numero} n'a pas d'histoire dans le journal."
        elif scellees[numero] != empreinte:
            yield f"La facture {numero} n'est pas celle que le journal a enregistrée."
