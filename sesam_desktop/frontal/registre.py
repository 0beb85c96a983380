"""What the frontal remembers, in one SQLite file: messages received, lots judged, mails waiting in the mailbox.

One message is concluded by one transaction (state, lot, invoices, answers): killed at any instant, the frontal has
either answered a lot completely or will treat it again from the stored message. Own connection, not the
workstation's: both may live in the same process during a demonstration.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from sesam_desktop.base import erreurs_sqlite, fichiers

from .recus import Arrivee, Conclusion, Courrier, FactureRecue, LotRecu, MisDeCote

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    numero INTEGER PRIMARY KEY, message_id TEXT NOT NULL, empreinte TEXT NOT NULL, expediteur TEXT NOT NULL,
    destinataire TEXT NOT NULL, octets BLOB NOT NULL, recu_a REAL NOT NULL, etat TEXT NOT NULL, motif TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS message_identite ON message (message_id, empreinte);
CREATE INDEX IF NOT EXISTS message_etat ON message (etat);
CREATE TABLE IF NOT EXISTS lot (
    numero INTEGER PRIMARY KEY, message INTEGER NOT NULL REFERENCES message, cle TEXT NOT NULL,
    empreinte TEXT NOT NULL, verdict TEXT NOT NULL, contenu TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS lot_accepte ON lot (cle) WHERE verdict = '';
CREATE TABLE IF NOT EXISTS facture (
    emetteur TEXT NOT NULL, numero TEXT NOT NULL, lot INTEGER NOT NULL REFERENCES lot, PRIMARY KEY (emetteur, numero));
CREATE TABLE IF NOT EXISTS rejet (emetteur TEXT NOT NULL, numero TEXT NOT NULL, PRIMARY KEY (emetteur, numero));
CREATE TABLE IF NOT EXISTS courrier (
    numero INTEGER PRIMARY KEY, message INTEGER NOT NULL REFERENCES message, octets BLOB NOT NULL,
    visible_a REAL NOT NULL, retire_a REAL);
CREATE INDEX IF NOT EXISTS courrier_message ON courrier (message);
"""


def _corps(octets: bytes) -> bytes:
    """Body of a mail (everything after the first blank line)."""
    return octets.partition(b"\r\n\r\n")[2]


class Registre:
    """Access to the file; every method may be called from any thread."""

    def __init__(self, chemin: Path) -> None:
        """Open or make the file. ErreurConnue when it cannot be used."""
        self._verrou = threading.RLock()
        try:
            fichiers.dossier_prive(chemin.parent)
            fichiers.creer_prive(chemin)
            self._base = sqlite3.connect(chemin, timeout=10, isolation_level=None, check_same_thread=False)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=FULL")
            self._base.executescript(SCHEMA)
        except sqlite3.Error as erreur:
            raise erreurs_sqlite.traduire(erreur, chemin) from erreur
        except OSError as erreur:
            raise fichiers.traduire(erreur, chemin) from erreur

    def fermer(self) -> None:
        with self._verrou:
            self._base.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._verrou:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def _lire(self, requete: str, *valeurs: object) -> list[tuple]:
        with self._verrou:
            return self._base.execute(requete, valeurs).fetchall()

    # --- messages -------------------------------------------------------------------------------------------------

    def recevoir(self, octets: bytes, message_id: str, expediteur: str, destinataire: str) -> int:
        """Store one message for good (synced) and return its number. Only then may the server answer 250."""
        empreinte = hashlib.sha256(_corps(octets)).hexdigest()
        with self._transaction() as base:
            curseur = base.execute(
                "INSERT INTO message (message_id, empreinte, expediteur, destinataire, octets, recu_a, etat, motif)"
                " VALUES (?, ?, ?, ?, ?, ?, 'a_traiter', '')",
                (message_id, empreinte, expediteur, destinataire, octets, time.time()),
            )
        return curseur.lastrowid or 0

    def suivante(self) -> Arrivee | None:
        """The oldest message not treated yet."""
        lignes = self._lire(
            "SELECT numero, message_id, empreinte, expediteur, octets FROM message"
            " WHERE etat = 'a_traiter' ORDER BY numero LIMIT 1"
        )
        return Arrivee(*lignes[0]) if lignes else None

    def message_identique(self, arrivee: Arrivee) -> int:
        """Number of an earlier message with the same Message-ID and body, already concluded; 0 when none."""
        lignes = self._lire(
            "SELECT numero FROM message WHERE message_id = ? AND empreinte = ? AND numero < ? AND etat = 'traite'",
            arrivee.message_id, arrivee.empreinte, arrivee.numero,
        )
        return lignes[0][0] if lignes else 0

    def conclure(self, arrivee: Arrivee, conclusion: Conclusion) -> None:
        """Write everything decided about one message, or nothing. A message concluded elsewhere is left alone."""
        with self._transaction() as base:
            touche = base.execute(
                "UPDATE message SET etat = ?, motif = ? WHERE numero = ? AND etat = 'a_traiter'",
                (conclusion.etat, conclusion.motif, arrivee.numero),
            )
            if touche.rowcount:
                self._ecrire_lot(base, arrivee, conclusion.lot)
                self._deposer(base, arrivee, conclusion)

    def _ecrire_lot(self, base: sqlite3.Connection, arrivee: Arrivee, lot: LotRecu | None) -> None:
        if lot is None:
            return
        contenu = json.dumps(asdict(lot))
        curseur = base.execute(
            "INSERT INTO lot (message, cle, empreinte, verdict, contenu) VALUES (?, ?, ?, ?, ?)",
            (arrivee.numero, lot.cle, lot.empreinte, lot.verdict, contenu),
        )
        if not lot.verdict:
            self._ecrire_factures(base, lot, curseur.lastrowid)

    def _ecrire_factures(self, base: sqlite3.Connection, lot: LotRecu, rang: int | None) -> None:
        """One that comes again after its rejection takes the place of the first."""
        base.executemany(
            "INSERT OR REPLACE INTO facture (emetteur, numero, lot) VALUES (?, ?, ?)",
            [(lot.emetteur, facture.numero, rang) for facture in lot.factures],
        )
        base.executemany(
            "DELETE FROM rejet WHERE emetteur = ? AND numero = ?", [(lot.emetteur, f.numero) for f in lot.factures]
        )
        base.executemany(
            "INSERT INTO rejet (emetteur, numero) VALUES (?, ?)",
            [(lot.emetteur, facture.numero) for facture in lot.factures if facture.rejetee],
        )

    def _deposer(self, base: sqlite3.Connection, arrivee: Arrivee, conclusion: Conclusion) -> None:
        maintenant = time.time()
        base.executemany(
            "INSERT INTO courrier (message, octets, visible_a) VALUES (?, ?, ?)",
            [(arrivee.numero, envoi.octets, maintenant + envoi.delai_s) for envoi in conclusion.reponses],
        )
        if conclusion.original:
            base.execute(
                "INSERT INTO courrier (message, octets, visible_a)"
                " SELECT ?, octets, ? FROM courrier WHERE message = ? ORDER BY numero",
                (arrivee.numero, maintenant, conclusion.original),
            )

    # --- lots -----------------------------------------------------------------------------------------------------

    def lot_identique(self, lot: LotRecu) -> int:
        """Number of the message that brought this very lot (same key, same content), accepted; 0 when none.

        A lot refused before is judged again: its content may be the same and its signatures better.
        """
        lignes = self._lire(
            "SELECT message FROM lot WHERE cle = ? AND empreinte = ? AND verdict = ''", lot.cle, lot.empreinte
        )
        return lignes[0][0] if lignes else 0

    def lot_deja_accepte(self, lot: LotRecu) -> bool:
        """Whether another lot was accepted under the same key."""
        return bool(self._lire("SELECT 1 FROM lot WHERE cle = ? AND verdict = ''", lot.cle))

    def facture_deja_acceptee(self, emetteur: str, numeros: Sequence[str]) -> str:
        """The first of these invoice numbers that an accepted lot of this sender already holds; "" when none."""
        return self._premiere("SELECT 1 FROM facture WHERE emetteur = ? AND numero = ?", emetteur, numeros)

    def facture_tenue(self, emetteur: str, numeros: Sequence[str]) -> str:
        """The same without those whose return rejected them: these may come again under their number."""
        return self._premiere(
            "SELECT 1 FROM facture WHERE emetteur = ? AND numero = ?"
            " AND (emetteur, numero) NOT IN (SELECT emetteur, numero FROM rejet)", emetteur, numeros,
        )

    def _premiere(self, requete: str, emetteur: str, numeros: Sequence[str]) -> str:
        return next((numero for numero in numeros if self._lire(requete, emetteur, numero)), "")

    def lots(self) -> list[LotRecu]:
        """Every lot judged, in order."""
        return [_lot(contenu) for (contenu,) in self._lire("SELECT contenu FROM lot ORDER BY numero")]

    def compter(self, etat: str) -> int:
        """Number of messages in one state."""
        return self._lire("SELECT COUNT(*) FROM message WHERE etat = ?", etat)[0][0]

    def mis_de_cote(self) -> list[MisDeCote]:
        """Messages in quarantine, in order."""
        requete = "SELECT message_id, motif, octets FROM message WHERE etat = 'quarantaine' ORDER BY numero"
        return [MisDeCote(*ligne) for ligne in self._lire(requete)]

    # --- mailbox --------------------------------------------------------------------------------------------------

    def courriers(self) -> list[Courrier]:
        """Mails in the mailbox now, oldest first."""
        lignes = self._lire(
            "SELECT numero, LENGTH(octets) FROM courrier WHERE retire_a IS NULL AND visible_a <= ? ORDER BY numero",
            time.time(),
        )
        return [Courrier(numero, f"frontal-{numero:08d}", taille) for numero, taille in lignes]

    def a_relever(self) -> int:
        """Mails that nobody has taken: in the mailbox, or to appear later."""
        return self._lire("SELECT COUNT(*) FROM courrier WHERE retire_a IS NULL")[0][0]

    def courrier(self, numero: int) -> bytes:
        """Octets of one mail."""
        return self._lire("SELECT octets FROM courrier WHERE numero = ?", numero)[0][0]

    def retirer_courriers(self, numeros: Sequence[int]) -> None:
        """Take mails out of the mailbox, all or none. Their octets are kept for `exporter`."""
        with self._transaction() as base:
            base.executemany(
                "UPDATE courrier SET retire_a = ? WHERE numero = ? AND retire_a IS NULL",
                [(time.time(), numero) for numero in numeros],
            )

    def messages(self) -> Iterator[tuple[str, bytes]]:
        """(name, octets) of every mail received and sent, for people who want to look at them."""
        for numero, etat in self._lire("SELECT numero, etat FROM message ORDER BY numero"):
            octets = self._lire("SELECT octets FROM message WHERE numero = ?", numero)[0][0]
            yield f"recus/{numero:06d}-{etat}.eml", octets
        for (numero,) in self._lire("SELECT numero FROM courrier ORDER BY numero"):
            yield f"reponses/{numero:06d}.eml", self.courrier(numero)


def _lot(contenu: str) -> LotRecu:
    champs = json.loads(contenu)
    factures = tuple(FactureRecue(**facture) for facture in champs.pop("factures"))
    return LotRecu(**champs, factures=factures)
