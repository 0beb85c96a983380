"""Rows of the public medicines database (BDPM) as its site publishes them. Pure: bytes of a file in, rows out.

Tab separated, no header; CIS_CIP in UTF-8, the others in cp1252; line ends mixed; a trailing tab; rates written
``65%`` or ``65 %``; prices with a comma, and a comma again for thousands (``1,466,29``).
Each line becomes a row or a `Rejet` that says why; `Remarque`s are kept rows that deserve a look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sesam_desktop.noyau import identifiants
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.montants import lire_taux

SPECIALITES, PRESENTATIONS, GENERIQUES = "CIS_bdpm.txt", "CIS_CIP_bdpm.txt", "CIS_GENER_bdpm.txt"
_PRIX = re.compile(r"([0-9]{1,3}(?:,[0-9]{3}){0,2}|[0-9]{1,9}),([0-9]{2})")  # bounded: SQLite keeps 64 bits
_COMMERCIALISEE = "Déclaration de commercialisation"


@dataclass(frozen=True, slots=True)
class Rejet:
    """A line that was not kept, or (as a remark) kept with a doubt. `ligne` starts at 1."""

    fichier: str
    ligne: int
    motif: str


class Specialite(NamedTuple):
    cis: str
    libelle: str
    forme: str
    statut: str
    commercialise: bool
    titulaires: str


class Presentation(NamedTuple):
    cis: str
    cip13: str
    cip7: str
    libelle: str
    taux: int | None
    prix_centimes: int | None
    prix_avec_honoraire_centimes: int | None
    honoraire_centimes: int | None
    commercialise: bool


class Generique(NamedTuple):
    cis: str
    groupe: str
    type: str
    libelle: str
    rang: str


def lignes(octets: bytes) -> Iterator[tuple[int, list[str]]]:
    """(line number, columns) of each line that is not blank, whatever its encoding and its end."""
    for numero, brute in enumerate(octets.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        texte = _decoder(brute).rstrip("\r")
        if texte.strip():
            yield numero, [colonne.strip() for colonne in texte.split("\t")]


def _decoder(brute: bytes) -> str:
    try:
        return brute.decode("utf-8")
    except UnicodeDecodeError:
        return brute.decode("cp1252", errors="replace")


def specialite(colonnes: list[str]) -> Specialite:
    """A line of CIS_bdpm. Raises EntreeInvalide with the reason."""
    _exiger_colonnes(colonnes, 11)
    return Specialite(
        _cis(colonnes[0]), _texte(colonnes[1], "dénomination"), colonnes[2], colonnes[4],
        colonnes[6] == "Commercialisée", colonnes[10],
    )  # fmt: skip


def presentation(colonnes: list[str]) -> Presentation:
    """A line of CIS_CIP_bdpm. Raises EntreeInvalide with the reason."""
    _exiger_colonnes(colonnes, 12)
    cip7, cip13 = colonnes[1], colonnes[6]
    if not identifiants.cip13_valide(cip13):
        raise EntreeInvalide(f"code CIP13 « {cip13[:20]} » faux")
    if cip13[5:12] != cip7:
        raise EntreeInvalide(f"code CIP7 « {cip7[:20]} » différent de celui du CIP13")
    return Presentation(
        _cis(colonnes[0]), cip13, cip7, _texte(colonnes[2], "présentation"),
        lire_taux(colonnes[8]) if colonnes[8] else None,
        prix(colonnes[9]), prix(colonnes[10]), prix(colonnes[11]),
        colonnes[3] == "Présentation active" and colonnes[4] == _COMMERCIALISEE,
    )  # fmt: skip


def generique(colonnes: list[str]) -> Generique:
    """A line of CIS_GENER_bdpm. Raises EntreeInvalide with the reason."""
    _exiger_colonnes(colonnes, 5)
    groupe, type_generique = colonnes[0], colonnes[3]
    if not re.fullmatch(r"[0-9]{1,6}", groupe):
        raise EntreeInvalide(f"numéro de groupe « {groupe[:20]} » invalide")
    if type_generique not in ("0", "1", "2", "4"):
        raise EntreeInvalide(f"type de générique « {type_generique[:20]} » inconnu")
    return Generique(_cis(colonnes[2]), groupe, type_generique, colonnes[1], colonnes[4])


def prix(texte: str) -> int | None:
    """Centimes of ``24,34`` or ``1,466,29``; None when blank."""
    if not texte:
        return None
    trouve = _PRIX.fullmatch(texte)
    if not trouve:
        raise EntreeInvalide(f"prix « {texte[:20]} » illisible")
    return int(trouve[1].replace(",", "")) * 100 + int(trouve[2])


def remarques(presentations: Iterable[tuple[int, Presentation]], connues: dict[str, Specialite]) -> Iterator[Rejet]:
    """Kept presentations whose amounts or name deserve a look."""
    for numero, p in presentations:
        if p.cis not in connues:
            yield Rejet(PRESENTATIONS, numero, f"spécialité {p.cis} absente de {SPECIALITES} : gardée sans son nom")
        if (p.taux is None) != (p.prix_centimes is None):
            yield Rejet(PRESENTATIONS, numero, "taux sans prix, ou prix sans taux")
        if p.prix_centimes is not None and p.prix_centimes + (p.honoraire_centimes or 0) != (
            p.prix_avec_honoraire_centimes
        ):
            yield Rejet(PRESENTATIONS, numero, "le prix honoraire compris n'est pas la somme du prix et de l'honoraire")


def _exiger_colonnes(colonnes: list[str], nombre: int) -> None:
    if len(colonnes) < nombre:
        raise EntreeInvalide(f"nombre de colonnes : {len(colonnes)} au lieu de {nombre} au moins")


def _cis(texte: str) -> str:
    if not re.fullmatch(r"[0-9]{8}", texte):
        raise EntreeInvalide(f"code CIS « {texte[:20]} » invalide")
    return texte


def _texte(texte: str, quoi: str) -> str:
    if not texte or "\N{REPLACEMENT CHARACTER}" in texte:
        raise EntreeInvalide(f"{quoi} absente ou illisible")
    return texte
