"""Schema of the file: created whole when the file is new, brought up step by step when it is old.

``application_id`` tells that the file is ours, ``user_version`` which schema it has. A file from the future is refused,
an old one is copied beside (``….avant-v3``) before its first step, and all its steps are one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

from . import schema_4
from .copies import copier, ouvrir_en_lecture
from .erreurs_sqlite import abimee, traduire

if TYPE_CHECKING:
    from .pilote import BaseSqlite

APPLICATION = 0x5345534D  # "SESM"
VERSION = 4

# What is signed never changes, what happened is never unsaid: SQLite itself refuses it, whoever writes.
_GARDES_2 = {
    "evenement_fige": "BEFORE UPDATE ON evenement",
    "evenement_garde": "BEFORE DELETE ON evenement",
    "document_fige": "BEFORE UPDATE OF numero, contenu, empreinte ON document",
    "document_garde": "BEFORE DELETE ON document",
    "message_fige": "BEFORE UPDATE OF message_id, octets ON message",
    "courrier_fige": "BEFORE UPDATE OF empreinte, octets ON courrier",
}
_GARDES_3 = {
    "facture_preparee_fige": "BEFORE UPDATE OF numero, contenu, empreinte ON facture_preparee",
    "facture_preparee_garde": "BEFORE DELETE ON facture_preparee",
    "document_tla_fige": "BEFORE UPDATE OF empreinte, octets ON document_tla",
    "document_tla_garde": "BEFORE DELETE ON document_tla",
}
_GARDES_4 = {
    "document_fige": "BEFORE UPDATE OF numero, empreinte ON document",
    "contenu_document_fige": "BEFORE UPDATE ON contenu_document",
    "contenu_document_garde": "BEFORE DELETE ON contenu_document",
    "message_fige": "BEFORE UPDATE OF message_id ON message",
    "contenu_message_fige": "BEFORE UPDATE ON contenu_message",
    "contenu_lot_fige": "BEFORE UPDATE ON contenu_lot",
    "tentative_figee": "BEFORE UPDATE ON tentative",
    "tentative_gardee": "BEFORE DELETE ON tentative",
}


def exiger_notre_fichier(chemin: Path) -> None:
    """Refuse, without changing it, a file that is not for us. Raises BASE_ETRANGERE, BASE_TROP_RECENTE, BASE_ABIMEE."""
    try:
        with closing(ouvrir_en_lecture(chemin)) as connexion:
            exiger_notre_schema(connexion, chemin.name)
    except sqlite3.Error as erreur:
        raise traduire(erreur, chemin) from erreur
    except UnicodeDecodeError as erreur:  # the schema itself is text
        raise abimee(chemin) from erreur


def preparer(sqlite: BaseSqlite) -> None:
    """Create or migrate the file, in one transaction."""
    connexion = sqlite.connection()
    if _lire(connexion, "user_version") == VERSION:
        return
    with sqlite.atomic("IMMEDIATE"):
        version = _lire(connexion, "user_version")  # again: another process may have done it while we waited
        if version == 0:
            _creer(sqlite)
        elif version < VERSION:
            copier(sqlite.chemin, sqlite.chemin.with_name(f"{sqlite.chemin.name}.avant-v{VERSION}"))
            for etape in range(version, VERSION):
                ETAPES[etape](connexion)
        connexion.execute(f"PRAGMA user_version = {VERSION}")


def exiger_notre_schema(connexion: sqlite3.Connection, nom: str) -> int:
    """The schema version of a file that is new (0) or ours and not from the future."""
    version, application = _lire(connexion, "user_version"), _lire(connexion, "application_id")
    vide = connexion.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if not vide and application != APPLICATION:
        raise ErreurConnue(
            "Ce fichier n'est pas une base de Sesam Desktop.", code="BASE_ETRANGERE", ou=nom,
            action="Indiquez le fichier sesam.db d'un poste, ou un autre dossier de profil.",
        )
    if version > VERSION:
        raise ErreurConnue(
            f"Cette base vient d'une version plus récente du programme (schéma {version}, connu : {VERSION}).",
            code="BASE_TROP_RECENTE", ou=nom, action="Installez la dernière version de Sesam Desktop.",
        )
    return version


def _lire(connexion: sqlite3.Connection, pragma: str) -> int:
    return connexion.execute(f"PRAGMA {pragma}").fetchone()[0]


def _creer(sqlite: BaseSqlite) -> None:
    from . import modeles

    with sqlite.bind_ctx(modeles.TABLES):
        sqlite.create_tables(modeles.TABLES)
    sqlite.connection().execute(f"PRAGMA application_id = {APPLICATION}")
    _poser(_GARDES_2 | _GARDES_3 | _GARDES_4, sqlite.connection())


def _poser(gardes: Mapping[str, str], connexion: sqlite3.Connection) -> None:
    for nom, quand in gardes.items():
        connexion.execute(f"CREATE TRIGGER {nom} {quand} BEGIN SELECT RAISE(ABORT, 'immuable'); END")


def _vers_2(connexion: sqlite3.Connection) -> None:
    """Guards of what never changes, and a column searched without accents nor case."""
    connexion.execute("ALTER TABLE document ADD COLUMN recherche VARCHAR(255) NOT NULL DEFAULT ''")
    connexion.execute("ALTER TABLE patient_connu ADD COLUMN recherche VARCHAR(255) NOT NULL DEFAULT ''")
    nir = "substr(patient_cle, 1, 13)"
    connexion.execute(f"UPDATE document SET recherche = plier(numero || ' ' || patient || ' ' || {nir})")  # noqa: S608
    connexion.execute("UPDATE patient_connu SET recherche = plier(nom || ' ' || prenom || ' ' || substr(cle, 1, 13))")
    _poser(_GARDES_2, connexion)


_TABLES_3 = (
    "CREATE TABLE facture_preparee (numero VARCHAR(9) NOT NULL PRIMARY KEY, contenu BLOB NOT NULL,"
    " empreinte VARCHAR(64) NOT NULL, terminal VARCHAR(255) NOT NULL, etat VARCHAR(255) NOT NULL,"
    " preparee_le VARCHAR(255) NOT NULL)",
    "CREATE INDEX facture_preparee_terminal ON facture_preparee (terminal)",
    "CREATE INDEX facture_preparee_etat ON facture_preparee (etat)",
    "CREATE TABLE document_tla (empreinte VARCHAR(64) NOT NULL PRIMARY KEY, octets BLOB NOT NULL,"
    " terminal VARCHAR(255) NOT NULL, identifiant VARCHAR(255) NOT NULL, ecart_s INTEGER NOT NULL,"
    " recu_le VARCHAR(255) NOT NULL, genre VARCHAR(255) NOT NULL, etat VARCHAR(255) NOT NULL,"
    " numero VARCHAR(255) NOT NULL, code VARCHAR(255) NOT NULL, motif TEXT NOT NULL,"
    " acquitte_le VARCHAR(255) NOT NULL)",
    "CREATE INDEX document_tla_terminal ON document_tla (terminal)",
    "CREATE INDEX document_tla_etat ON document_tla (etat)",
    "CREATE INDEX document_tla_numero ON document_tla (numero)",
)


def _vers_3(connexion: sqlite3.Connection) -> None:
    """Portable terminals: invoices lent to them, documents unloaded from them."""
    for ordre in _TABLES_3:
        connexion.execute(ordre)
    _poser(_GARDES_3, connexion)


def _vers_4(connexion: sqlite3.Connection) -> None:
    """Sending and payments."""
    for garde in ("document_fige", "message_fige"):  # each names a column that goes to a table of its own
        connexion.execute(f"DROP TRIGGER {garde}")
    schema_4.appliquer(connexion)
    _poser(_GARDES_4, connexion)


ETAPES: dict[int, Callable[[sqlite3.Connection], None]] = {1: _vers_2, 2: _vers_3, 3: _vers_4}
