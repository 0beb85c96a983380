"""Rows of the matching of payments, looked up and written by slices: a return may hold 100,000 invoices.

Plain SQL, one statement a slice: the values looked for travel as one JSON array. Every method works inside the
caller's transaction, which holds the only right to write: identifiers are therefore numbered here.
"""

# ruff: noqa: S608 - every piece of SQL put together here is a constant of ours, values are bound

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sesam_desktop.base.connexion import Base

from .depot_banque import ETATS

NOEMIE = "NOEMIE"
MEMOIRE_KIO = 65_536
_PARMI = "IN (SELECT value FROM json_each(?))"
# A correction may be sent under the number of the invoice it replaces: what the fund names is then `numero_flux`.
# The + keeps SQLite from walking the index of the many empty `numero_flux`.
_NOMME = "CASE d.numero_flux WHEN '' THEN d.numero ELSE d.numero_flux END"
_NOMMES = f"((d.numero {_PARMI} AND +d.numero_flux = '') OR d.numero_flux {_PARMI})"
_DEMANDE = "$.document.facture.demande"
CONTENU = "(SELECT CAST(octets AS TEXT) FROM contenu_document WHERE document_id = {}.numero)"  # of a document, as text
_TEXTE = CONTENU.format("d")
# The AMC part of an invoice is not asked from its fund when an insurer is asked apart (gestion séparée), as
# `factures.amc.est_eclatee` says of what was signed.
A_PART = (
    f"(json_extract({_TEXTE}, '{_DEMANDE}.tiers_payant.amc', '{_DEMANDE}.amc.gestion',"
    f" '{_DEMANDE}.beneficiaire.c2s') = '[true,\"separee\",false]')"
)
# The fund pays the insured, not the professional, when the patient paid everything (2S, addressee of the payment 01):
# nothing is then due here, and what would be paid all the same is an anomaly.
_PAYE_PAR_LE_PATIENT = f"json_extract({_TEXTE}, '{_DEMANDE}.tiers_payant.amo') = 0"
AMO_ATTENDU = (
    f"CASE WHEN d.amo_centimes = 0 OR (d.genre = 'FSE' AND {_PAYE_PAR_LE_PATIENT}) THEN 0 ELSE d.amo_centimes END"
)
AMC_ATTENDU = f"CASE WHEN d.amc_centimes = 0 OR (d.genre = 'FSE' AND {A_PART}) THEN 0 ELSE d.amc_centimes END"
_FACTURANT = ", ".join(  # of an invoice, of a DRE
    f"json_extract({_TEXTE}, '$.document{racine}.demande.executant.numero_facturation')"
    f" || json_extract({_TEXTE}, '$.document{racine}.demande.executant.cle')"
    for racine in (".facture", ".demande.facture")
)

RETOUR = (
    "INSERT INTO retour (id, courrier_id, genre, lot_id, recu_le, donnees, empreinte, document)"
    f" VALUES (?, ?, '{NOEMIE}', ?, ?, ?, ?, ?)"
)
REGLEMENT = (
    "INSERT INTO reglement (courrier_id, virement_id, retour_id, document, part, etat, demande_centimes, paye_centimes,"
    " date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
MOUVEMENT = (
    "INSERT INTO mouvement (courrier_id, virement_id, genre, reference, nature, libelle, montant_centimes,"
    " solde_centimes, date, document, empreinte) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_VIREMENT = (
    "INSERT INTO virement (id, courrier_id, rang, date, libelle, organisme, montant_centimes, etat)"
    " VALUES (?, ?, ?, ?, ?, ?, 0, 'attendu')"
)
_RECALCUL = (
    "UPDATE virement SET montant_centimes ="
    " (SELECT coalesce(sum(paye_centimes), 0) FROM reglement r WHERE r.virement_id = virement.id)"
    " + (SELECT coalesce(sum(montant_centimes), 0) FROM mouvement m WHERE m.virement_id = virement.id)"
    " WHERE courrier_id = ?"
)


@dataclass(frozen=True, slots=True)
class Porteur:
    """A lot that carried a document. `nomme`: the number of the document on the wire."""

    document: str
    nomme: str
    lot: int
    numero: str
    date: str


@dataclass(frozen=True, slots=True)
class Attente:
    """What is expected of a document. `nir` belongs to the patient: it never leaves the matching."""

    numero: str
    genre: str
    etat: str
    amo: int
    amc: int
    nir: str


class DepotRapprochement:
    """Look-ups and writes of one return."""

    def __init__(self, base: Base) -> None:
        self._base = base

    @contextmanager
    def memoire_large(self) -> Iterator[None]:
        """Room for the pages that a large return changes: with SQLite's own 2 MB they are written to the disk again and
        again before the end of the transaction."""
        connexion = self._base.connexion()
        (avant,) = connexion.execute("PRAGMA cache_size").fetchone()
        connexion.execute(f"PRAGMA cache_size = -{MEMOIRE_KIO}")
        try:
            yield
        finally:
            connexion.execute(f"PRAGMA cache_size = {avant}")

    def lire(self, sql: str, *parametres: Any) -> Iterator[tuple[Any, ...]]:
        """Rows of a SELECT; a list is passed as JSON."""
        valeurs = [json.dumps(p) if isinstance(p, list) else p for p in parametres]
        return iter(self._base.connexion().execute(sql, valeurs).fetchall())

    def ecrire(self, sql: str, lignes: Iterable[Sequence[Any]]) -> None:
        """One statement for each of `lignes`."""
        self._base.connexion().executemany(sql, lignes)

    def connus(self, empreintes: list[str]) -> dict[str, str]:
        """Readings another file brought: by fingerprint the document it was matched to, "" when it was not."""
        sql = f"SELECT empreinte, max(document) FROM retour WHERE genre = '{NOEMIE}' AND empreinte {_PARMI} GROUP BY 1"
        return dict(self.lire(sql, empreintes))

    def mouvements_connus(self, empreintes: list[str]) -> set[str]:
        """Fingerprints of movements already kept."""
        return {e for (e,) in self.lire(f"SELECT empreinte FROM mouvement WHERE empreinte {_PARMI}", empreintes)}

    def porteurs(self, numeros: list[str]) -> Iterator[Porteur]:
        """The lots of the documents that bear these numbers on the wire, oldest first."""
        sql = (
            f"SELECT d.numero, {_NOMME}, l.id, l.numero, l.date_constitution FROM document d"
            " CROSS JOIN lot_document ld ON ld.document_id = d.numero CROSS JOIN lot l ON l.id = ld.lot_id"
            f" WHERE {_NOMMES} ORDER BY l.id"
        )
        return (Porteur(*ligne) for ligne in self.lire(sql, numeros, numeros))

    def demandes_liees(self, numeros: list[str]) -> dict[str, list[str]]:
        """Numbers of the DRE tied to the invoices that bear these numbers on the wire."""
        liees: dict[str, list[str]] = {}
        sql = (
            f"SELECT {_NOMME}, liee.numero FROM document d CROSS JOIN document liee ON liee.liee = d.numero"
            f" WHERE {_NOMMES}"
        )
        for facture, numero in self.lire(sql, numeros, numeros):
            liees.setdefault(facture, []).append(numero)
        return liees

    def attentes(self, numeros: list[str]) -> dict[str, Attente]:
        """What these documents expect; those that do not exist are absent."""
        sql = (
            f"SELECT d.numero, d.genre, d.etat, {AMO_ATTENDU}, {AMC_ATTENDU}, substr(d.patient_cle, 1, 13)"
            f" FROM document d WHERE d.numero {_PARMI}"
        )
        return {ligne[0]: Attente(*ligne) for ligne in self.lire(sql, numeros)}

    def reglements(self, numeros: list[str]) -> Iterator[tuple[str, str, str, int]]:
        """Document, part, state and amount of everything said of these documents."""
        return self.lire(f"SELECT document, part, etat, paye_centimes FROM reglement WHERE document {_PARMI}", numeros)

    def retenues(self, numeros: list[str]) -> dict[str, int]:
        """Signed sum of the movements that name each of these documents."""
        sql = f"SELECT document, sum(montant_centimes) FROM mouvement WHERE document {_PARMI} GROUP BY document"
        return dict(self.lire(sql, numeros))

    def facturants(self, lots: list[int]) -> dict[int, str]:
        """Billing number of the professional of each lot: a lot has only one."""
        sql = (
            f"SELECT un.lot_id, coalesce({_FACTURANT}) FROM (SELECT lot_id, min(document_id) AS numero"
            f" FROM lot_document WHERE lot_id {_PARMI} GROUP BY lot_id) un JOIN document d ON d.numero = un.numero"
        )
        return dict(self.lire(sql, lots))

    def facturants_recents(self, nombre: int) -> set[str]:
        """Billing numbers of the professionals of the last lots: those this workstation works for."""
        derniers = self.lire("SELECT id FROM lot WHERE genre <> 'SCOR' ORDER BY id DESC LIMIT ?", nombre)
        return set(self.facturants([lot for (lot,) in derniers]).values())

    def prochain(self, table: str) -> int:
        """The next identifier of `table`."""
        return next(self.lire(f"SELECT coalesce(max(id), 0) + 1 FROM {table}"))[0]

    def virements(self, courrier: int) -> dict[tuple[int, str], int]:
        """Payments this courrier already announced: identifier by rank and body that pays."""
        sql = "SELECT rang, organisme, id FROM virement WHERE courrier_id = ?"
        return {(rang, organisme): numero for rang, organisme, numero in self.lire(sql, courrier)}

    def ajouter_virement(self, courrier: int, rang: int, jour: str, libelle: str, organisme: str) -> int:
        """A payment whose amount is not known yet: see `recalculer`."""
        numero = self.prochain("virement")
        self.ecrire(_VIREMENT, [(numero, courrier, rang, jour, libelle, organisme)])
        return numero

    def recalculer(self, courrier: int) -> None:
        """The payments of a courrier are the signed sum of what they group, and stand accordingly."""
        self.ecrire(_RECALCUL, [(courrier,)])
        self.ecrire(f"{ETATS} WHERE courrier_id = ?", [(courrier,)])

    def oublier_non_rapproches(self, courrier: int) -> None:
        """What a courrier said that was not matched, before it is read again."""
        for ordre in (
            "DELETE FROM reglement WHERE courrier_id = ? AND document = ''",
            f"DELETE FROM retour WHERE courrier_id = ? AND genre = '{NOEMIE}' AND document = ''",
        ):
            self.ecrire(ordre, [(courrier,)])

    def a_repondu(self, courrier: int) -> bool:
        """Whether an invoice of this courrier is one of ours."""
        return any(self.lire("SELECT 1 FROM retour WHERE courrier_id = ? AND document <> '' LIMIT 1", courrier))

    def oublier_argent(self, courrier: int) -> None:
        """The money of a return addressed to somebody else is not ours."""
        for table in ("reglement", "mouvement", "virement"):
            self.ecrire(f"DELETE FROM {table} WHERE courrier_id = ?", [(courrier,)])

    def a_reprendre(self) -> list[int]:
        """Courriers of which an invoice was not matched, that nobody dismissed, oldest first."""
        sql = (
            "SELECT DISTINCT r.courrier_id FROM retour r JOIN courrier c ON c.id = r.courrier_id"
            f" WHERE r.genre = '{NOEMIE}' AND r.document = '' AND c.etat = 'lu' ORDER BY r.courrier_id"
        )
        return [courrier for (courrier,) in self.lire(sql)]
