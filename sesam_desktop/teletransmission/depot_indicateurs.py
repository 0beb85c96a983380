"""Rows behind the indicators: what was billed over a period of care, sent, answered, paid.

Plain SQL: each question is one pass over the documents of the period, whatever their number.
"""

# ruff: noqa: S608 - every piece of SQL put together here is a constant of ours, values are bound

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sesam_desktop.base.connexion import Base

from .depot_corbeille import EN_QUARANTAINE
from .depot_rapprochement import AMC_ATTENDU, AMO_ATTENDU, CONTENU

_PERIODE = "WITH p AS (SELECT * FROM document WHERE date_soins BETWEEN ? AND ? AND etat <> 'annulee')"
_DOCUMENTS = (
    f"{_PERIODE} SELECT d.numero, d.genre, d.niveau, d.date_soins, d.destinataire, d.etat,"
    f" {AMO_ATTENDU}, {AMC_ATTENDU} FROM p d ORDER BY d.numero"
)
_ENVOIS = (
    f"{_PERIODE} SELECT p.numero, min(m.remis_le) FROM p JOIN lot_document ld ON ld.document_id = p.numero"
    " JOIN lot l ON l.id = ld.lot_id JOIN message m ON m.id = l.message_id"
    f" WHERE m.remis_le <> '' AND m.etat <> '{EN_QUARANTAINE}' GROUP BY p.numero"  # given up along the way: not sent
)
_REGLEMENTS = (
    f"{_PERIODE} SELECT g.document, g.part, g.etat, g.demande_centimes, g.paye_centimes, g.date,"
    " CASE g.etat WHEN 'R' THEN (SELECT r.donnees FROM retour r WHERE r.id = g.retour_id) ELSE '{}' END"
    " FROM p JOIN reglement g ON g.document = p.numero ORDER BY g.id"
)
_LOTS = (
    "SELECT l.genre, l.etat, coalesce((SELECT r.donnees FROM retour r WHERE r.lot_id = l.id AND r.genre IN"
    " ('ARL-', 'SCOR-') ORDER BY r.id DESC LIMIT 1), '{}') FROM lot l WHERE l.date_constitution BETWEEN ? AND ?"
)
_ATTENDUES = (  # a prescription, or the paper sheet of an invoice without Vitale: choice of the project
    f"{_PERIODE} SELECT count(*), coalesce(sum(EXISTS (SELECT 1 FROM piece_document pd JOIN piece c ON c.id ="
    " pd.piece_id WHERE pd.document_id = p.numero AND c.etat <> 'classee')), 0)"
    " FROM p WHERE genre = 'FSE' AND etat <> 'recyclee' AND (niveau = 'D' OR"
    f" json_extract({CONTENU.format('p')}, '$.document.facture.demande.prescription') IS NOT NULL)"
)
_PIECES = (
    f"{_PERIODE} SELECT DISTINCT c.id, c.etat, c.dpi FROM p JOIN piece_document pd ON pd.document_id = p.numero"
    " JOIN piece c ON c.id = pd.piece_id WHERE c.etat <> 'classee'"
)


@dataclass(frozen=True, slots=True)
class DocumentLu:
    """An invoice or a DRE. Amounts: what whoever it is sent to should pay the professional, nothing of the AMO part
    when the patient paid it all."""

    numero: str
    genre: str
    niveau: str
    date_soins: str
    destinataire: str
    etat: str
    amo_centimes: int
    amc_centimes: int = 0


@dataclass(frozen=True, slots=True)
class ReglementLu:
    """One part in one return; `motifs` of a rejected one are code and label, rejections first."""

    document: str
    part: str
    etat: str
    demande_centimes: int
    paye_centimes: int
    date: str
    motifs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LotLu:
    """A lot and, when it was refused, the codes of its ARL."""

    genre: str
    etat: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PieceLue:
    etat: str
    dpi: int


@dataclass(frozen=True, slots=True)
class Releve:
    """Everything the indicators of one period are made of. `envois`: first time each document left (ISO, UTC)."""

    documents: tuple[DocumentLu, ...]
    envois: dict[str, str]
    reglements: tuple[ReglementLu, ...]
    lots: tuple[LotLu, ...]
    pieces: tuple[PieceLue, ...]
    pieces_attendues: int
    pieces_jointes: int


def relever(base: Base, debut: date, fin: date) -> Releve:
    """Documents by their date of care, lots by their date; both ends included."""

    def lire(sql: str) -> list[tuple[Any, ...]]:
        return base.connexion().execute(sql, (debut.isoformat(), fin.isoformat())).fetchall()

    attendues, jointes = lire(_ATTENDUES)[0]
    return Releve(
        documents=tuple(DocumentLu(*ligne) for ligne in lire(_DOCUMENTS)),
        envois=dict(lire(_ENVOIS)),
        reglements=tuple(_reglement(*ligne) for ligne in lire(_REGLEMENTS)),
        lots=tuple(LotLu(genre, etat, _codes(donnees)) for genre, etat, donnees in lire(_LOTS)),
        pieces=tuple(PieceLue(etat, dpi) for _, etat, dpi in lire(_PIECES)),
        pieces_attendues=attendues,
        pieces_jointes=jointes,
    )


def _reglement(document: str, part: str, etat: str, demande: int, paye: int, jour: str, donnees: str) -> ReglementLu:
    return ReglementLu(document, part, etat, demande, paye, jour, _motifs(donnees))


def _motifs(donnees: str) -> tuple[tuple[str, str], ...]:
    return tuple((motif["code"], motif["libelle"]) for motif in json.loads(donnees).get("motifs", ()))


def _codes(donnees: str) -> tuple[str, ...]:
    return tuple(code for code, _ in _motifs(donnees))
