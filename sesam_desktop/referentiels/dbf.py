"""dBase III tables, the form in which the CNAM distributes LPP, NABM and UCD. Pure: bytes of a file in, rows out.

Header: version, date of the last update (year − 1900, month, day), number of records, lengths of header and record;
then one descriptor of 32 bytes a column, ended by 0x0D. A record starts with a mark: space kept, ``*`` deleted.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sesam_desktop.noyau.erreurs import FormatInvalide

_ENTETE = struct.Struct("<B3BIHH")
_DESCRIPTEUR = 32
_FIN_DESCRIPTEURS = 0x0D
_PAGES = {0x01: "cp437", 0x03: "cp1252", 0x57: "cp1252"}  # language driver byte; the CNAM writes in cp850
_LANGUE = 29
_EFFACE = 0x2A
_TYPES = "CNFDL"
_SIECLE = 80


@dataclass(frozen=True, slots=True)
class TableDbf:
    """`lignes` yields (record number from 1, cells); deleted records are passed over. Dates stay ``AAAAMMJJ``."""

    colonnes: tuple[str, ...]
    lignes: Iterator[tuple[int, list[str]]]
    date: date | None


def lire(fichier: str, octets: bytes) -> TableDbf:
    """Read the whole file. Raises FormatInvalide when the header lies about what follows."""
    if len(octets) < _DESCRIPTEUR:
        raise _illisible(fichier, "le fichier est trop court")
    _, annee, mois, jour, nombre, longueur_entete, longueur = _ENTETE.unpack_from(octets)
    noms, tailles = _descripteurs(fichier, octets, longueur_entete)
    if sum(tailles) + 1 != longueur:
        raise _illisible(fichier, "la longueur des enregistrements ne correspond pas aux colonnes")
    if len(octets) < longueur_entete + nombre * longueur:
        raise _illisible(fichier, "le fichier est tronqué")
    page = _PAGES.get(octets[_LANGUE], "cp850")
    corps = memoryview(octets)[longueur_entete : longueur_entete + nombre * longueur]
    return TableDbf(noms, _enregistrements(corps, longueur, tailles, page), _date(annee, mois, jour))


def _descripteurs(fichier: str, octets: bytes, longueur_entete: int) -> tuple[tuple[str, ...], list[int]]:
    noms: list[str] = []
    tailles: list[int] = []
    position = _DESCRIPTEUR
    while position < len(octets) and octets[position] != _FIN_DESCRIPTEURS:
        brut = octets[position : position + _DESCRIPTEUR]
        if len(brut) < _DESCRIPTEUR or chr(brut[11]) not in _TYPES:
            raise _illisible(fichier, "une colonne est mal décrite")
        noms.append(brut[:11].split(b"\0")[0].decode("ascii", errors="replace").strip().upper())
        tailles.append(brut[16])
        position += _DESCRIPTEUR
    if not noms or position >= min(len(octets), longueur_entete):
        raise _illisible(fichier, "les colonnes ne sont pas décrites")
    return tuple(noms), tailles


def _enregistrements(
    corps: memoryview, longueur: int, tailles: list[int], page: str
) -> Iterator[tuple[int, list[str]]]:
    for numero, debut in enumerate(range(0, len(corps), longueur), 1):
        if corps[debut] != _EFFACE:
            yield numero, _cellules(corps[debut + 1 : debut + longueur], tailles, page)


def _cellules(enregistrement: memoryview, tailles: list[int], page: str) -> list[str]:
    cellules, position = [], 0
    for taille in tailles:
        brut = bytes(enregistrement[position : position + taille])
        cellules.append(brut.decode(page, errors="replace").strip(" \0"))
        position += taille
    return cellules


def _date(annee: int, mois: int, jour: int) -> date | None:
    """Some writers keep two digits of the year: 26 is 2026, no table of ours is older than 1980."""
    try:
        return date((2000 if annee < _SIECLE else 1900) + annee, mois, jour)
    except ValueError:
        return None


def _illisible(fichier: str, raison: str) -> FormatInvalide:
    return FormatInvalide(
        f"Ce fichier dBase ne se lit pas : {raison}. Rien n'a été modifié.",
        code="TABLE_ILLISIBLE", fichier=fichier, action="Téléchargez-le de nouveau sur le site de l'Assurance Maladie.",
    )
