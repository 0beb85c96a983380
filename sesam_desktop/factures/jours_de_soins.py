"""Which kept invoices have a line of a given day, whatever the date of care of the invoice itself.

A kept invoice never changes, so each one is looked into once for each day asked: after the first answer, only those
that had an event since then are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sesam_desktop.base.connexion import Base

ECART = timedelta(366)  # between a line and its invoice: care of more than twelve months ago is not billed any more
_REQUETE = (
    "SELECT numero, octets FROM document JOIN contenu_document ON document_id = numero"
    " WHERE date_soins BETWEEN ? AND ?"
    " AND numero IN (SELECT document FROM evenement WHERE id > ?)"
)


@dataclass(frozen=True, slots=True)
class _Reponse:
    """`jusqu_a`: the last event that was written when it was given."""

    jusqu_a: int
    numeros: frozenset[str]


class JoursDeSoins:
    """Answers for the open `base`."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._reponses: dict[date, _Reponse] = {}

    def numeros(self, jour: date) -> frozenset[str]:
        """Numbers of the invoices that name `jour` in one of their lines; a few others may be among them."""
        connexion = self._base.connexion()
        connue = self._reponses.get(jour, _Reponse(0, frozenset()))
        dernier = connexion.execute("SELECT coalesce(max(id), 0) FROM evenement").fetchone()[0]
        if dernier > connue.jusqu_a:
            bornes = ((jour - ECART).isoformat(), (jour + ECART).isoformat())
            cherche = f'"date":"{jour.isoformat()}"'.encode()  # canonical JSON has no space
            lues = connexion.execute(_REQUETE, (*bornes, connue.jusqu_a))  # bytes are searched faster here than by SQL
            connue = _Reponse(dernier, connue.numeros | {numero for numero, contenu in lues if cherche in contenu})
            self._reponses[jour] = connue
        return connue.numeros
