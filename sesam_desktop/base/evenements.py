"""The journal: append-only, each event sealed by the one before it.

``empreinte = SHA-256(JSON array [precedente, id, document, nom, instant, donnees])``. Identifiers follow each other
without a hole, so a row removed, changed or inserted anywhere but at the very end breaks the chain; removal at the end
shows as a document without its events (see `verification`).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ORIGINE = "0" * 64
_TRIE = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_TEL_QUEL = json.JSONEncoder(ensure_ascii=False)
_CHAINE = "SELECT precedente, id, document, nom, instant, donnees, empreinte FROM evenement ORDER BY id"
_DERNIER = "SELECT id, empreinte FROM evenement ORDER BY id DESC LIMIT 1"
_AJOUT = (
    "INSERT INTO evenement (precedente, id, document, nom, instant, donnees, empreinte) VALUES (?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Rupture:
    """The first event that does not follow the one before it."""

    evenement: int
    motif: str

    def phrase(self) -> str:
        return f"Le journal est rompu à l'événement {self.evenement} : {self.motif}."


def ajouter(document: str, nom: str, donnees: Mapping[str, Any] | None = None, instant: datetime | None = None) -> int:
    """Append one event (in its own transaction unless one is open) and return its identifier.

    `document` is a document's number, or "" for an event of the workstation. Nothing secret goes in `donnees`.
    """
    return ajouter_tous([(document, nom, donnees or {})], instant)


def ajouter_tous(serie: Iterable[tuple[str, str, Mapping[str, Any]]], instant: datetime | None = None) -> int:
    """Append many (document, name, data), in this order, in one transaction; the identifier of the last one."""
    from .modeles import mandataire

    quand = ecrire_instant(instant or datetime.now(UTC))
    with mandataire.atomic("IMMEDIATE"):
        curseur = mandataire.connection().cursor()
        identifiant, empreinte = curseur.execute(_DERNIER).fetchone() or (0, ORIGINE)
        lignes = []
        for document, nom, donnees in serie:
            identifiant += 1
            texte = _TRIE.encode(dict(donnees))
            ligne = (empreinte, identifiant, document, nom, quand, texte)
            empreinte = _sceller(ligne)
            lignes.append((*ligne, empreinte))
        curseur.executemany(_AJOUT, lignes)
        return identifiant


def verifier_chaine() -> Rupture | None:
    """The first break of the open database's journal, None when it is whole."""
    from .modeles import mandataire

    return verifier(mandataire.connection())


def verifier(connexion: sqlite3.Connection) -> Rupture | None:
    """The same on any connection, for a backup that is not open as the workstation's database."""
    attendue = ORIGINE
    for rang, (*valeurs, empreinte) in enumerate(connexion.execute(_CHAINE), start=1):
        if valeurs[1] != rang:
            return Rupture(rang, "un événement manque")
        if valeurs[0] != attendue:
            return Rupture(rang, "il ne suit pas le précédent")
        if empreinte != _sceller(tuple(valeurs)):
            return Rupture(rang, "son contenu a été modifié")
        attendue = empreinte
    return None


def ecrire_instant(instant: datetime) -> str:
    """ISO 8601 in UTC, to the microsecond, so that text order is time order."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def _sceller(valeurs: tuple[Any, ...]) -> str:
    return hashlib.sha256(_TEL_QUEL.encode(valeurs).encode()).hexdigest()
