"""A secured invoice as the bytes that are kept for ever: canonical JSON, exact both ways.

Keys sorted, UTF-8, no space; `Decimal` and dates as text, bytes in base64, money as integers. The reader follows the
types declared in `facture`; a field added later with a default is read from old documents as that default.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeVar

from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide

from .dre import DemandeSecurisee
from .facture import FactureSecurisee

FORMAT, FORMAT_DRE = "facture-securisee-1", "demande-amc-1"
_T = TypeVar("_T")


def en_octets(fs: FactureSecurisee) -> bytes:
    """Canonical JSON: equal invoices give equal bytes."""
    return _json({"document": _encoder(fs), "format": FORMAT})


def depuis_octets(octets: bytes) -> FactureSecurisee:
    """The invoice of `en_octets`. Raises FormatInvalide (DOCUMENT_ILLISIBLE), naming the field."""
    return _decoder(FactureSecurisee, _lire(octets, FORMAT), "document")


def demande_en_octets(ds: DemandeSecurisee) -> bytes:
    """Canonical JSON of a DRE."""
    return _json({"document": _encoder(ds), "format": FORMAT_DRE})


def demande_depuis_octets(octets: bytes) -> DemandeSecurisee:
    """The DRE of `demande_en_octets`. Raises FormatInvalide (DOCUMENT_ILLISIBLE), naming the field."""
    return _decoder(DemandeSecurisee, _lire(octets, FORMAT_DRE), "document")


def _lire(octets: bytes, format_attendu: str) -> Any:
    try:
        lu = json.loads(octets)
    except (ValueError, RecursionError) as erreur:
        raise _illisible("document", "JSON attendu") from erreur
    if not isinstance(lu, dict) or lu.get("format") != format_attendu:
        raise _illisible("format", f"« {format_attendu} » attendu")
    return lu.get("document")


def valeur_en_json(valeur: Any) -> str:
    """Canonical JSON of any dataclass of `facture` (a known patient, an invoice being composed)."""
    return _json(_encoder(valeur)).decode()


def valeur_depuis_json(genre: type[_T], texte: str) -> _T:
    """The value of `valeur_en_json`. Raises FormatInvalide (DOCUMENT_ILLISIBLE)."""
    try:
        lu = json.loads(texte)
    except (ValueError, RecursionError) as erreur:
        raise _illisible(genre.__name__, "JSON attendu") from erreur
    return _decoder(genre, lu, genre.__name__)


def _json(valeur: Any) -> bytes:
    try:
        return json.dumps(valeur, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except UnicodeEncodeError as erreur:
        raise EntreeInvalide(
            "La facture contient un caractère qui ne peut pas être enregistré.", code="CARACTERE_INVALIDE",
            action="Ressaisissez le texte concerné.",
        ) from erreur


def _encoder(valeur: Any) -> Any:
    if dataclasses.is_dataclass(valeur) and not isinstance(valeur, type):
        return {c.name: _encoder(getattr(valeur, c.name)) for c in dataclasses.fields(valeur)}
    if isinstance(valeur, tuple):
        return [_encoder(v) for v in valeur]
    if isinstance(valeur, bytes):
        return base64.b64encode(valeur).decode()
    if isinstance(valeur, date):
        return valeur.isoformat()
    return str(valeur) if isinstance(valeur, Decimal) else valeur


def _decoder(genre: Any, valeur: Any, champ: str) -> Any:
    """`valeur`, as read from JSON, as a `genre`."""
    origine = typing.get_origin(genre)
    if origine is types.UnionType:
        return None if valeur is None else _decoder(typing.get_args(genre)[0], valeur, champ)
    if origine is tuple:
        return _decoder_suite(typing.get_args(genre)[0], valeur, champ)
    if dataclasses.is_dataclass(genre):
        return _decoder_classe(genre, valeur, champ)
    if genre in (int, bool, str):
        return _exiger(genre, valeur, champ)
    return _depuis_texte(genre, _exiger(str, valeur, champ), champ)


def _decoder_suite(genre: Any, valeur: Any, champ: str) -> tuple[Any, ...]:
    return tuple(_decoder(genre, v, f"{champ}[{rang}]") for rang, v in enumerate(_exiger(list, valeur, champ)))


def _decoder_classe(genre: Any, valeur: Any, champ: str) -> Any:
    lu = _exiger(dict, valeur, champ)
    types_des_champs = _types(genre)
    if inconnus := sorted(set(lu) - set(types_des_champs)):
        raise _illisible(f"{champ}.{inconnus[0]}"[:80], "champ inconnu de cette version")
    valeurs = {nom: _decoder(types_des_champs[nom], v, f"{champ}.{nom}") for nom, v in lu.items()}
    try:
        return genre(**valeurs)
    except TypeError as erreur:
        raise _illisible(champ, "champ obligatoire absent") from erreur


@lru_cache(maxsize=32)
def _types(genre: Any) -> dict[str, Any]:
    return typing.get_type_hints(genre)


def _exiger(genre: Any, valeur: Any, champ: str) -> Any:
    if type(valeur) is not genre:  # strictly: True is an int for isinstance
        raise _illisible(champ, f"valeur de type {genre.__name__} attendue")
    return valeur


def _decimal(texte: str) -> Decimal:
    nombre = Decimal(texte)
    if not nombre.is_finite():
        raise ValueError(texte)
    return nombre


def _base64(texte: str) -> bytes:
    return base64.b64decode(texte, validate=True)


_LECTEURS: dict[Any, Callable[[str], Any]] = {
    date: date.fromisoformat, datetime: datetime.fromisoformat, Decimal: _decimal, bytes: _base64,
}


def _depuis_texte(genre: Any, texte: str, champ: str) -> Any:
    """Dates, decimals, bytes and enumerations, which JSON holds as text."""
    try:
        return _LECTEURS[genre](texte) if genre in _LECTEURS else genre(texte)
    except (ValueError, InvalidOperation, binascii.Error) as erreur:
        raise _illisible(champ, f"valeur de type {genre.__name__} attendue") from erreur


def _illisible(champ: str, attendu: str) -> FormatInvalide:
    return FormatInvalide(
        f"Le document enregistré ne peut pas être relu ({attendu}).", code="DOCUMENT_ILLISIBLE", zone=champ,
        action="Installez la dernière version du programme ou restaurez une sauvegarde.",
    )
