"""A lot of scanned documents: a ZIP with ``index.json`` and one PDF a document. Project format: SCOR's is restricted.

Reading trusts nothing: number and sizes are bounded before inflating, names are those of the index and nothing else,
each document must have the hash the index gives.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sesam_desktop.noyau.dates import lire_iso
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

VERSION = 1
TAILLE_MAX_PIECE = 300_000
TAILLE_MAX_LOT = 5_000_000
_TAILLE_MAX_INDEX = 500_000
_INDEX = "index.json"
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DATE_ZIP = (1980, 1, 1, 0, 0, 0)  # no clock inside the archive: equal lots are equal bytes
TYPES = ("ORD", "FSP", "CERFA")


@dataclass(frozen=True, slots=True)
class FactureLiee:
    """The invoice a document proves, and the lot it left in."""

    numero: str
    lot: str
    date_lot: date


@dataclass(frozen=True, slots=True)
class Piece:
    """One document; `factures` may be several (one prescription, several invoices)."""

    type: str
    factures: tuple[FactureLiee, ...]
    nb_pages: int
    contenu: bytes


@dataclass(frozen=True, slots=True)
class LotScor:
    """`emetteur` on nine digits, `lot` on three."""

    emetteur: str
    regime: str
    organisme: str
    lot: str
    date: date
    pieces: tuple[Piece, ...]


def composer(lot: LotScor) -> bytes:
    """The ZIP of a lot. Raises FormatInvalide when a document or the lot is too big."""
    for rang, piece in enumerate(lot.pieces, start=1):
        if len(piece.contenu) > TAILLE_MAX_PIECE:
            raise FormatInvalide(f"La pièce {rang} dépasse {TAILLE_MAX_PIECE // 1000} ko.", code="PIECE_TROP_GROSSE")
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        _ajouter(archive, _INDEX, _index(lot))
        for rang, piece in enumerate(lot.pieces, start=1):
            _ajouter(archive, _nom(rang), piece.contenu)
    octets = tampon.getvalue()
    if len(octets) > TAILLE_MAX_LOT:
        raise FormatInvalide(f"Le lot SCOR dépasse {TAILLE_MAX_LOT // 1_000_000} Mo.", code="LOT_TROP_GROS")
    return octets


def _ajouter(archive: zipfile.ZipFile, nom: str, contenu: bytes) -> None:
    entree = zipfile.ZipInfo(nom, _DATE_ZIP)
    entree.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entree, contenu)


def _nom(rang: int) -> str:
    return f"{rang:04d}.pdf"


def _index(lot: LotScor) -> bytes:
    brut = {
        "version": VERSION,
        "emetteur": lot.emetteur,
        "destinataire": {"regime": lot.regime, "organisme": lot.organisme},
        "lot_scor": lot.lot,
        "date": lot.date.isoformat(),
        "pieces": [_piece_en_dict(rang, piece) for rang, piece in enumerate(lot.pieces, start=1)],
    }
    return json.dumps(brut, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def _piece_en_dict(rang: int, piece: Piece) -> dict[str, Any]:
    return {
        "rang": rang,
        "fichier": _nom(rang),
        "type": piece.type,
        "factures": [
            {"n_facture": f.numero, "n_lot": f.lot, "date_lot": f.date_lot.isoformat()} for f in piece.factures
        ],
        "nb_pages": piece.nb_pages,
        "sha256": hashlib.sha256(piece.contenu).hexdigest(),
    }


def lire(octets: bytes) -> LotScor:
    """Strict reading of a lot. Raises FormatInvalide (codes ``SCOR_…``)."""
    _exiger(len(octets) <= TAILLE_MAX_LOT, "Le lot SCOR est trop volumineux.", "TAILLE")
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return _lire_archive(archive)
    except (KeyError, TypeError, ValueError, RecursionError):
        raise FormatInvalide("L'index du lot SCOR est incomplet ou mal formé.", code="SCOR_INDEX") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise FormatInvalide("Le lot SCOR n'est pas une archive ZIP lisible.", code="SCOR_ZIP") from None
    except FormatInvalide:
        raise
    except ErreurConnue as erreur:
        raise FormatInvalide(f"L'index du lot SCOR est mal formé : {erreur.message}", code="SCOR_INDEX") from None


def _lire_archive(archive: zipfile.ZipFile) -> LotScor:
    entrees = {e.filename: e for e in archive.infolist()}
    _exiger(len(entrees) == len(archive.infolist()), "Le lot SCOR répète un nom de fichier.", "NOMS")
    _exiger(_INDEX in entrees, "Le lot SCOR n'a pas d'index.", "INDEX")
    index = json.loads(_extraire(archive, entrees[_INDEX], _TAILLE_MAX_INDEX))
    _exiger(index["version"] == VERSION, "La version du lot SCOR est inconnue.", "VERSION")
    attendus = {_INDEX, *(_nom(rang) for rang in range(1, len(index["pieces"]) + 1))}
    _exiger(set(entrees) == attendus, "Les fichiers du lot SCOR ne sont pas ceux de l'index.", "NOMS")
    return LotScor(
        emetteur=_texte(index["emetteur"], r"[0-9]{9}"),
        regime=_texte(index["destinataire"]["regime"], r"[0-9]{2}"),
        organisme=_texte(index["destinataire"]["organisme"], r"[0-9]{3}"),
        lot=_texte(index["lot_scor"], r"[0-9]{3}"),
        date=lire_iso(index["date"], "date"),
        pieces=tuple(_piece(archive, entrees, rang, p) for rang, p in enumerate(index["pieces"], start=1)),
    )


def _piece(archive: zipfile.ZipFile, entrees: dict[str, zipfile.ZipInfo], rang: int, brut: dict[str, Any]) -> Piece:
    _exiger(brut["rang"] == rang and brut["fichier"] == _nom(rang), "Le rang d'une pièce est faux.", "INDEX")
    _exiger(brut["type"] in TYPES, "Le type d'une pièce est inconnu.", "INDEX")
    _exiger(type(brut["nb_pages"]) is int and brut["nb_pages"] > 0, "Le nombre de pages est faux.", "INDEX")
    contenu = _extraire(archive, entrees[_nom(rang)], TAILLE_MAX_PIECE)
    empreinte = hashlib.sha256(contenu).hexdigest()
    _exiger(brut["sha256"] == empreinte, f"La pièce {rang} ne correspond pas à son empreinte.", "EMPREINTE")
    return Piece(brut["type"], _factures(brut["factures"]), brut["nb_pages"], contenu)


def _factures(bruts: Sequence[dict[str, Any]]) -> tuple[FactureLiee, ...]:
    return tuple(
        FactureLiee(
            _texte(f["n_facture"], r"[0-9]{9}"), _texte(f["n_lot"], r"[0-9]{3}"), lire_iso(f["date_lot"], "date_lot")
        )
        for f in bruts
    )


def _extraire(archive: zipfile.ZipFile, entree: zipfile.ZipInfo, limite: int) -> bytes:
    """Content of one entry, never inflating more than `limite`: the size an archive announces may be a lie."""
    _exiger(entree.compress_type in _COMPRESSIONS, "Le lot SCOR utilise une compression non admise.", "ZIP")
    with archive.open(entree) as flux:
        contenu = flux.read(limite + 1)
    _exiger(len(contenu) <= limite, f"Le fichier {entree.filename[:20]} du lot SCOR est trop volumineux.", "TAILLE")
    return contenu


def _texte(valeur: Any, motif: str) -> str:
    if not isinstance(valeur, str) or not re.fullmatch(motif, valeur):
        raise FormatInvalide("L'index du lot SCOR est mal formé.", code="SCOR_INDEX")
    return valeur


def _exiger(condition: bool, message: str, code: str) -> None:
    if not condition:
        raise FormatInvalide(message, code=f"SCOR_{code}")
