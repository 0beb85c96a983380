"""What changed between two versions of a source: rows added, removed, and the cells of those that changed.

SQLite compares and counts; only the first rows of each kind come out: memory does not follow the size of the table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sesam_desktop.noyau.dates import formater, lire_iso
from sesam_desktop.noyau.erreurs import EntreeInvalide

from .base_referentiels import BaseReferentiels

AJOUT, RETRAIT, MODIFICATION = "ajout", "retrait", "modification"
LIMITE = 500


class _Table(NamedTuple):
    """A table of rows owned by a version: what identifies a row, how it is called, what is compared."""

    nom: str
    cles: tuple[str, ...]
    valeurs: tuple[str, ...]
    libelle: str = "libelle"


_TABLES = (
    _Table(
        "presentation", ("cip13",),
        ("libelle", "presentation", "taux", "prix", "prix_avec_honoraire", "honoraire", "commercialise"),
    ),
    _Table("specialite", ("cis",), ("libelle", "forme", "statut", "commercialise", "titulaires")),
    _Table("generique", ("cis", "groupe"), ("type", "libelle", "rang")),
    _Table("hybride", ("cis", "groupe"), ("type", "libelle")),
    _Table("article", ("code",), ("libelle", "donnees")),
)  # fmt: skip


class Champ(NamedTuple):
    """One cell that changed; amounts in centimes, rates in hundredths of a percent."""

    nom: str
    avant: Any
    apres: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One row. `genre`: AJOUT, RETRAIT, MODIFICATION; `champs`: the cells that changed, empty unless MODIFICATION."""

    genre: str
    table: str
    code: str
    libelle: str
    champs: tuple[Champ, ...] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """`ajouts`, `retraits`, `modifications` count every row; `lignes` are the first `LIMITE` of each kind and table."""

    source: str
    avant: str
    apres: str
    ajouts: int
    retraits: int
    modifications: int
    lignes: tuple[Difference, ...]


def comparer(base: BaseReferentiels, source: str, avant: str, apres: str, limite: int = LIMITE) -> Differences:
    """From the version of `source` dated `avant` to the one dated `apres` (AAAA-MM-JJ).

    Raises VERSION_INCONNUE when one of them was not imported.
    """
    ancienne, nouvelle = _version(base, source, avant), _version(base, source, apres)
    comptes = {AJOUT: 0, RETRAIT: 0, MODIFICATION: 0}
    lignes: list[Difference] = []
    for table in _TABLES:
        for genre, compte, trouvees in (
            (AJOUT, *_absentes(base, table, AJOUT, nouvelle, ancienne, limite)),
            (RETRAIT, *_absentes(base, table, RETRAIT, ancienne, nouvelle, limite)),
            (MODIFICATION, *_modifiees(base, table, ancienne, nouvelle, limite)),
        ):
            comptes[genre] += compte
            lignes += trouvees
    return Differences(source, avant, apres, comptes[AJOUT], comptes[RETRAIT], comptes[MODIFICATION], tuple(lignes))


def _version(base: BaseReferentiels, source: str, jour: str) -> int:
    le = formater(lire_iso(jour, "version"))
    versions = base.versions(source)
    for version in versions:
        if version.date == jour:
            return version.id
    connues = ", ".join(version.date for version in versions)
    raise EntreeInvalide(
        f"La source « {source[:20]} » n'a pas de version du {le} sur ce poste.", code="VERSION_INCONNUE",
        action=f"Choisissez deux de ses versions : {connues}." if connues else "Aucune n'a été importée.",
    )  # fmt: skip


def _absentes(
    base: BaseReferentiels, table: _Table, genre: str, dans: int, absente_de: int, limite: int
) -> tuple[int, list[Difference]]:
    """Rows of version `dans` that version `absente_de` does not have."""
    meme = " AND ".join(f"b.{cle} = a.{cle}" for cle in table.cles)
    autre = f"SELECT 1 FROM {table.nom} b WHERE b.version = ?2 AND {meme}"  # noqa: S608 - names of ours
    condition = f"FROM {table.nom} a WHERE a.version = ?1 AND NOT EXISTS ({autre})"
    compte, lignes = _compter_et_lire(base, condition, f"{_code(table)}, a.{table.libelle}", (dans, absente_de), limite)
    return compte, [Difference(genre, table.nom, code, libelle) for code, libelle in lignes]


def _modifiees(
    base: BaseReferentiels, table: _Table, avant: int, apres: int, limite: int
) -> tuple[int, list[Difference]]:
    meme = " AND ".join(f"b.{cle} = a.{cle}" for cle in table.cles)
    autre = " OR ".join(f"a.{valeur} IS NOT b.{valeur}" for valeur in table.valeurs)
    condition = f"FROM {table.nom} b JOIN {table.nom} a ON a.version = ?1 AND {meme} WHERE b.version = ?2 AND ({autre})"
    paires = ", ".join(f"a.{valeur}, b.{valeur}" for valeur in table.valeurs)
    compte, lignes = _compter_et_lire(
        base, condition, f"{_code(table)}, b.{table.libelle}, {paires}", (avant, apres), limite
    )
    return compte, [
        Difference(MODIFICATION, table.nom, code, libelle, tuple(_champs(table, cellules)))
        for code, libelle, *cellules in lignes
    ]


def _compter_et_lire(
    base: BaseReferentiels, condition: str, colonnes: str, versions: tuple[int, int], limite: int
) -> tuple[int, list[tuple[Any, ...]]]:
    ((compte,),) = base.lire(f"SELECT count(*) {condition}", versions)
    if not compte:
        return 0, []
    return compte, base.lire(f"SELECT {colonnes} {condition} ORDER BY 1 LIMIT ?3", (*versions, limite))


def _code(table: _Table) -> str:
    return " || ' / ' || ".join(f"a.{cle}" for cle in table.cles)


def _champs(table: _Table, cellules: list[Any]) -> Iterator[Champ]:
    for nom, avant, apres in zip(table.valeurs, cellules[::2], cellules[1::2], strict=True):
        if nom == "donnees":
            yield from _champs_json(json.loads(avant), json.loads(apres))
        elif avant != apres:
            yield Champ(nom, avant, apres)


def _champs_json(avant: dict[str, Any], apres: dict[str, Any]) -> Iterator[Champ]:
    for nom in sorted(avant.keys() | apres.keys()):
        if avant.get(nom) != apres.get(nom):
            yield Champ(nom, avant.get(nom), apres.get(nom))
