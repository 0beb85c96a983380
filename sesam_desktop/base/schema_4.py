"""Schema 4: what sending and being paid need — tries, payments, bank lines, learnt labels, DRE.

Kept apart from `migrations` for its length; never changed once released.
"""

from __future__ import annotations

import hashlib
import sqlite3

_TEXTE, _ENTIER = "VARCHAR(255) NOT NULL", "INTEGER NOT NULL"
_COURRIER = "courrier_id INTEGER NOT NULL REFERENCES courrier (id)"
_VIREMENT = "virement_id INTEGER REFERENCES virement (id)"
_ID = "id INTEGER NOT NULL PRIMARY KEY"

_TABLES = (
    "CREATE TABLE contenu_document (document_id VARCHAR(9) NOT NULL PRIMARY KEY REFERENCES document (numero),"
    " octets BLOB NOT NULL)",
    "CREATE TABLE contenu_message (message_id INTEGER NOT NULL PRIMARY KEY REFERENCES message (id),"
    " octets BLOB NOT NULL)",
    "CREATE TABLE contenu_lot (lot_id INTEGER NOT NULL PRIMARY KEY REFERENCES lot (id), octets BLOB NOT NULL)",
    f"CREATE TABLE tentative ({_ID}, message_id INTEGER NOT NULL REFERENCES message (id), instant {_TEXTE},"
    f" duree_ms {_ENTIER}, resultat {_TEXTE}, reponse TEXT NOT NULL)",
    f"CREATE TABLE ligne_bancaire ({_ID}, empreinte VARCHAR(64) NOT NULL, date {_TEXTE}, libelle {_TEXTE},"
    f" montant_centimes {_ENTIER}, etat {_TEXTE}, importee_le {_TEXTE})",
    f"CREATE TABLE virement ({_ID}, {_COURRIER}, date {_TEXTE}, libelle {_TEXTE}, organisme {_TEXTE},"
    f" montant_centimes {_ENTIER}, etat {_TEXTE}, rang {_ENTIER})",
    "CREATE TABLE pointage (ligne_id INTEGER NOT NULL REFERENCES ligne_bancaire (id),"
    " virement_id INTEGER NOT NULL REFERENCES virement (id), PRIMARY KEY (ligne_id, virement_id))",
    f"CREATE TABLE reglement ({_ID}, {_COURRIER}, {_VIREMENT},"
    " retour_id INTEGER NOT NULL REFERENCES retour (id), document VARCHAR(9) NOT NULL,"
    f" part VARCHAR(3) NOT NULL, etat VARCHAR(1) NOT NULL, demande_centimes {_ENTIER}, paye_centimes {_ENTIER},"
    f" date {_TEXTE})",
    f"CREATE TABLE mouvement ({_ID}, {_COURRIER}, {_VIREMENT}, genre {_TEXTE}, reference {_TEXTE}, nature {_TEXTE},"
    f" libelle {_TEXTE}, montant_centimes {_ENTIER}, solde_centimes {_ENTIER}, date {_TEXTE},"
    " document VARCHAR(9) NOT NULL, empreinte VARCHAR(64) NOT NULL)",
    f"CREATE TABLE libelle_appris (code {_TEXTE}, libelle {_TEXTE}, organisme {_TEXTE}, nombre {_ENTIER},"
    f" premier_le {_TEXTE}, dernier_le {_TEXTE}, PRIMARY KEY (code, libelle, organisme))",
)
_COLONNES = (
    "document ADD COLUMN numero_flux VARCHAR(9) NOT NULL DEFAULT ''",
    "document ADD COLUMN liee VARCHAR(9) NOT NULL DEFAULT ''",
    "lot ADD COLUMN amc VARCHAR(10) NOT NULL DEFAULT ''",
    "lot ADD COLUMN verdict VARCHAR(255) NOT NULL DEFAULT ''",
    "lot ADD COLUMN remarques TEXT NOT NULL DEFAULT '[]'",
    "courrier ADD COLUMN boite VARCHAR(255) NOT NULL DEFAULT ''",
    "retour ADD COLUMN empreinte VARCHAR(64) NOT NULL DEFAULT ''",
    "retour ADD COLUMN document VARCHAR(9) NOT NULL DEFAULT ''",
)
_INDEX = (
    ("document", "numero_flux"), ("document", "liee"), ("retour", "empreinte"), ("retour", "document"),
    ("tentative", "message_id"),
    ("ligne_bancaire", "date"), ("ligne_bancaire", "etat"), ("virement", "courrier_id"), ("virement", "date"),
    ("virement", "organisme"), ("virement", "etat"), ("pointage", "ligne_id"), ("pointage", "virement_id"),
    ("reglement", "courrier_id"), ("reglement", "virement_id"), ("reglement", "retour_id"), ("reglement", "document"),
    ("reglement", "date"), ("mouvement", "courrier_id"), ("mouvement", "virement_id"), ("mouvement", "genre"),
    ("mouvement", "document"), ("mouvement", "empreinte"),
)
_NUMEROTATION = "genre, regime, organisme, amc, numero, date_constitution"

_CONTENUS = (
    "INSERT INTO contenu_document (document_id, octets) SELECT numero, contenu FROM document",
    "ALTER TABLE document DROP COLUMN contenu",
    "INSERT INTO contenu_message (message_id, octets) SELECT id, octets FROM message",
    "INSERT INTO contenu_lot (lot_id, octets) SELECT id, contenu FROM lot",
    "ALTER TABLE message DROP COLUMN octets",
    "ALTER TABLE lot DROP COLUMN contenu",
)
_RAPPROCHES = (
    "UPDATE retour SET document = json_extract(donnees, '$.facture') WHERE genre = 'NOEMIE' AND lot_id IS NOT NULL"
)
_REGLEMENTS = (  # what earlier returns paid, which was only in their reading
    "INSERT INTO reglement (courrier_id, retour_id, document, part, etat, demande_centimes, paye_centimes, date)"
    " SELECT r.courrier_id, r.id, r.document, upper('{part}'), json_extract(r.donnees, '$.etat_{part}'),"
    " d.{part}_centimes, json_extract(r.donnees, '$.paye_{part}_centimes'), json_extract(r.donnees, '$.paiement')"
    " FROM retour r JOIN document d ON d.numero = r.document"
    " WHERE r.document <> '' AND json_extract(r.donnees, '$.etat_{part}') <> ''"
)


def appliquer(connexion: sqlite3.Connection) -> None:
    """From schema 3, inside the caller's transaction."""
    for ordre in _TABLES:
        connexion.execute(ordre)
    for colonne in _COLONNES:
        connexion.execute(f"ALTER TABLE {colonne}")
    for table, colonne in _INDEX:
        connexion.execute(f"CREATE INDEX {table}_{colonne} ON {table} ({colonne})")
    connexion.execute("CREATE UNIQUE INDEX ligne_bancaire_empreinte ON ligne_bancaire (empreinte)")
    connexion.execute("DROP INDEX lot_genre_regime_organisme_numero_date_constitution")
    nom = f"lot_{_NUMEROTATION.replace(', ', '_')}"
    connexion.execute(f"CREATE UNIQUE INDEX {nom} ON lot ({_NUMEROTATION})")
    connexion.execute("UPDATE message SET boite = 'RSV' WHERE boite = 'FSE'")
    for ordre in _CONTENUS:
        connexion.execute(ordre)
    _empreintes(connexion)
    connexion.execute(_RAPPROCHES)
    for part in ("amo", "amc"):
        connexion.execute(_REGLEMENTS.format(part=part))


def _empreintes(connexion: sqlite3.Connection) -> None:
    """Hash of each reading kept so far: the same one come again is found without reading them all."""
    lus = connexion.execute("SELECT id, donnees FROM retour").fetchall()
    connexion.executemany(
        "UPDATE retour SET empreinte = ? WHERE id = ?",
        [(hashlib.sha256(donnees.encode()).hexdigest(), numero) for numero, donnees in lus],
    )
