"""The file of the rights tables (`droits.db`): table of destinataires and opposition list. SQL stays here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sesam_desktop.base.tables import FichierTables

VERSION_SCHEMA = 1
SCHEMA = (
    """CREATE TABLE liste (
        nom TEXT PRIMARY KEY, version TEXT NOT NULL, date TEXT NOT NULL, effectif INTEGER NOT NULL, temoin BLOB)""",
    """CREATE TABLE destinataire (
        regime TEXT, caisse TEXT, centre TEXT, libelle TEXT NOT NULL, organisme TEXT NOT NULL,
        centre_informatique TEXT NOT NULL, PRIMARY KEY (regime, caisse, centre)) WITHOUT ROWID""",
    "CREATE TABLE opposition (condensat BLOB PRIMARY KEY) WITHOUT ROWID",
)


class EtatListe(NamedTuple):
    """Which version of a table is installed. `temoin` proves the key its rows were hashed with."""

    version: str
    date: str
    effectif: int
    temoin: bytes | None


class BaseDroits:
    """Opens (and creates) the file."""

    def __init__(self, chemin: Path) -> None:
        self._fichier = FichierTables(chemin, SCHEMA, VERSION_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self._fichier.transaction():
            yield

    def etat(self, nom: str) -> EtatListe | None:
        """The version installed of the table `nom`, None before its first import."""
        lignes = self._fichier.lire("SELECT version, date, effectif, temoin FROM liste WHERE nom = ?", (nom,))
        return EtatListe(*lignes[0]) if lignes else None

    def noter(self, nom: str, etat: EtatListe) -> None:
        """Say which version of `nom` is now installed."""
        self._fichier.ecrire("INSERT OR REPLACE INTO liste VALUES (?, ?, ?, ?, ?)", (nom, *etat))

    def remplacer_destinataires(self, lignes: Iterable[tuple[str, ...]]) -> None:
        """Replace the whole table of destinataires, inside a transaction."""
        self._fichier.ecrire("DELETE FROM destinataire")
        self._fichier.ecrire_lot("INSERT INTO destinataire VALUES (?, ?, ?, ?, ?, ?)", lignes)

    def destinataire(self, regime: str, caisse: str, centres: tuple[str, str]) -> tuple[Any, ...] | None:
        """(libellé, organisme, centre informatique) of the first of `centres` found."""
        lignes = self._fichier.lire(
            "SELECT libelle, organisme, centre_informatique FROM destinataire"
            " WHERE regime = ? AND caisse = ? AND centre IN (?, ?) ORDER BY centre = ? DESC LIMIT 1",
            (regime, caisse, *centres, centres[0]),
        )
        return lignes[0] if lignes else None

    def libelle(self, regime: str, organisme: str) -> str:
        """Name of the organisme that receives, that of its own fund first; "" when the table has none."""
        lignes = self._fichier.lire(
            "SELECT libelle FROM destinataire WHERE regime = ? AND organisme = ?"
            " ORDER BY caisse = organisme DESC, centre LIMIT 1",
            (regime, organisme),
        )
        return str(lignes[0][0]) if lignes else ""

    def vider_oppositions(self) -> None:
        """Forget every opposed card, inside a transaction."""
        self._fichier.ecrire("DELETE FROM opposition")

    def opposer(self, condensats: Iterable[tuple[bytes]]) -> None:
        """Add hashed serial numbers; those already there stay."""
        self._fichier.ecrire_lot("INSERT OR IGNORE INTO opposition VALUES (?)", condensats)

    def lever(self, condensats: Iterable[tuple[bytes]]) -> None:
        """Take hashed serial numbers out; those absent are ignored."""
        self._fichier.ecrire_lot("DELETE FROM opposition WHERE condensat = ?", condensats)

    def est_oppose(self, condensat: bytes) -> bool:
        """True when the list holds this hash."""
        return bool(self._fichier.lire("SELECT 1 FROM opposition WHERE condensat = ?", (condensat,)))

    def compter_oppositions(self) -> int:
        """How many cards are opposed."""
        ((nombre,),) = self._fichier.lire("SELECT count(*) FROM opposition")
        return nombre

    def fermer(self) -> None:
        """Close the connections of every thread."""
        self._fichier.fermer()
