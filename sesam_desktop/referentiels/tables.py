"""Dated tables shipped with the program (`resources/tarifs/*.csv`): tariffs, rates, thresholds, code lists.

A file starts with comment lines ``# version: …`` and ``# cles: …``, then a header ``colonne:type``. Every row ends with
``date_debut;date_fin;source;certitude``; an empty end means "still in force". A key written ``*`` answers for every
value that has no row of its own. Two rows of one key may neither overlap nor leave a gap: the file is refused at load.

A table may also be a folder of such files (one a trade), read as one.

certitude: S read in a published source, D checked on public data, M known but not sourced, P decision of this project.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue, FormatInvalide
from sesam_desktop.noyau.ressources import ressource

from .cellules import TYPES

TOUS = "*"
_COLONNES_FIXES = ("date_debut", "date_fin", "source", "certitude")
_QUESTIONS_GARDEES = 2_000  # an invoice asks a table the same few things line after line
_CERTITUDES = frozenset("SDMP")


class HorsTable(ErreurConnue):
    """Nothing in the table for this key at this date."""

    code = "HORS_TABLE"


@dataclass(frozen=True, slots=True, eq=False)
class Ligne:
    """One dated row. ``ligne["prix"]`` is the cell, already of its column's type."""

    valeurs: Mapping[str, Any]
    debut: date
    fin: date | None
    source: str
    certitude: str
    table: str
    version: str
    numero: int

    def __getitem__(self, colonne: str) -> Any:
        return self.valeurs[colonne]

    @property
    def a_confirmer(self) -> bool:
        """True when no published source stands behind the row."""
        return self.certitude in ("M", "P")

    def en_vigueur(self, jour: date) -> bool:
        return self.debut <= jour and (self.fin is None or jour <= self.fin)


class Table:
    """Rows of one file, indexed by their keys, then by their first day. `types`: how each column is written."""

    def __init__(
        self, nom: str, version: str, cles: tuple[str, ...], lignes: list[Ligne], types: Mapping[str, str]
    ) -> None:
        self.nom, self.version, self.cles, self.types = nom, version, cles, types
        self._lignes = lignes
        self._index: dict[tuple[str, ...], list[Ligne]] = {}
        for ligne in sorted(lignes, key=lambda ligne: ligne.debut):
            self._index.setdefault(tuple(str(ligne[c]) for c in cles), []).append(ligne)
        self._debuts = {cle: [ligne.debut for ligne in suite] for cle, suite in self._index.items()}
        self._masques = _masques_utiles(self._index)
        self._connues: dict[tuple[Any, ...], Ligne | None] = {}

    def trouver(self, jour: date, **cles: str) -> Ligne | None:
        """The row of these keys in force on `jour`, or None. An exact row goes before a ``*`` one."""
        question = (jour, *cles.items())
        try:
            return self._connues[question]
        except KeyError:
            ligne = self._trouver(jour, cles)
        if len(self._connues) >= _QUESTIONS_GARDEES:
            self._connues.clear()
        self._connues[question] = ligne
        return ligne

    def _trouver(self, jour: date, cles: Mapping[str, str]) -> Ligne | None:
        voulue = tuple(cles[nom] for nom in self.cles)
        for masque in self._masques:
            cle = tuple(TOUS if cache else v for cache, v in zip(masque, voulue, strict=True))
            if (ligne := self._en_vigueur(cle, jour)) is not None:
                return ligne
        return None

    def a_la_date(self, jour: date, **cles: str) -> Ligne:
        """Same as `trouver`; raises HorsTable (HORS_TABLE) when there is none."""
        ligne = self.trouver(jour, **cles)
        if ligne is None:
            quoi = ", ".join(f"{nom} « {cles[nom]} »" for nom in self.cles)
            raise HorsTable(
                f"La table « {self.nom} » ({self.version}) n'a rien pour {quoi} au {dates.formater(jour)}.",
                action="Vérifiez le code et la date, ou mettez les tables à jour.",
            )
        return ligne

    def lignes(self, jour: date) -> list[Ligne]:
        """Every row in force on `jour`, in the order of the file."""
        return [ligne for ligne in self._lignes if ligne.en_vigueur(jour)]

    def toutes(self) -> list[Ligne]:
        """Every row, whatever its dates, in the order of the file."""
        return list(self._lignes)

    def colonnes(self) -> tuple[str, ...]:
        """Names of the columns that are not common to all tables."""
        return tuple(self._lignes[0].valeurs) if self._lignes else ()

    def connait(self, **cles: str) -> bool:
        """True when these keys have a row of their own, whatever its dates."""
        return tuple(cles[nom] for nom in self.cles) in self._index

    def _en_vigueur(self, cle: tuple[str, ...], jour: date) -> Ligne | None:
        debuts = self._debuts.get(cle)
        rang = bisect_right(debuts, jour) - 1 if debuts else -1
        if rang < 0:
            return None
        ligne = self._index[cle][rang]
        return ligne if ligne.fin is None or jour <= ligne.fin else None


class SourceTables(Protocol):
    """Where tables come from: this module, or a folder."""

    def charger(self, nom: str) -> Table: ...


class DossierTables:
    """Tables of one folder, read once, when first asked."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier
        self._lues: dict[str, Table] = {}

    def charger(self, nom: str) -> Table:
        """The table `nom`. Raises FormatInvalide with file and line when the file breaks a rule above."""
        if nom not in self._lues:
            parts = sorted((self._dossier / nom).glob("*.csv")) or [self._dossier / f"{nom}.csv"]
            self._lues[nom] = reunir(nom, [lire(nom, _texte_de(chemin), chemin.name) for chemin in parts])
        return self._lues[nom]

    def noms(self) -> list[str]:
        """Every table of the folder, in alphabetical order."""
        return sorted({chemin.stem for chemin in self._dossier.iterdir() if chemin.suffix == ".csv" or chemin.is_dir()})


def _texte_de(chemin: Path) -> str:
    try:
        return chemin.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise FormatInvalide(
            "Cette table ne peut pas être lue.", code="TABLE_ILLISIBLE", fichier=chemin.name,
            action="Réinstallez le programme.",
        ) from None


@lru_cache(maxsize=1)
def _livrees() -> DossierTables:
    return DossierTables(ressource("tarifs"))


def charger(nom: str) -> Table:
    """One of the tables shipped with the program."""
    return _livrees().charger(nom)


def noms() -> list[str]:
    """Names of the tables shipped with the program."""
    return _livrees().noms()


def reunir(nom: str, parts: list[Table]) -> Table:
    """One table of several files, which must have the same keys and answer for different ones."""
    if len(parts) == 1:
        return parts[0]
    lignes = [ligne for part in parts for ligne in part.toutes()]
    if len({(part.cles, part.colonnes()) for part in parts}) > 1:
        raise FormatInvalide("Les parties de cette table n'ont pas les mêmes colonnes.", fichier=nom)
    _verifier_suites(nom, parts[0].cles, lignes)
    return Table(nom, max(part.version for part in parts), parts[0].cles, lignes, parts[0].types)


def lire(nom: str, texte: str, fichier: str = "") -> Table:
    """Parse and check the text of a table file."""
    fichier = fichier or f"{nom}.csv"
    entete = dict(re.findall(r"^# (\w+): *(.*?) *$", texte, re.MULTILINE))
    version, cles = entete.get("version", ""), tuple(entete.get("cles", "").split())
    if not version or not cles:
        raise FormatInvalide("L'en-tête doit donner « # version: » et « # cles: ».", fichier=fichier, ligne=1)
    lignes = list(_lire_lignes(nom, version, texte, fichier))
    _verifier_suites(fichier, cles, lignes)
    return Table(nom, version, cles, lignes, _types(texte))


def _types(texte: str) -> dict[str, str]:
    """Declared type of each column, of a text already checked."""
    entete = next(t for t in texte.splitlines() if t.strip() and not t.startswith("#"))
    return {nom: genre or "texte" for nom, _, genre in (colonne.partition(":") for colonne in entete.split(";"))}


def _lire_lignes(nom: str, version: str, texte: str, fichier: str) -> Iterator[Ligne]:
    utiles = [(n, t) for n, t in enumerate(texte.splitlines(), 1) if t.strip() and not t.startswith("#")]
    if not utiles:
        raise FormatInvalide("La table est vide.", fichier=fichier)
    numero_entete, ligne_entete = utiles[0]
    colonnes = _colonnes(ligne_entete, fichier, numero_entete)
    for numero, ligne in utiles[1:]:
        try:
            yield _une_ligne(nom, version, numero, colonnes, ligne.split(";"))
        except (ValueError, EntreeInvalide) as erreur:
            raise FormatInvalide(f"Ligne refusée : {erreur}.", fichier=fichier, ligne=numero) from None


def _colonnes(ligne: str, fichier: str, numero: int) -> list[tuple[str, Callable[[str], Any]]]:
    noms = [(*colonne.split(":"), "texte")[:2] for colonne in ligne.split(";")]
    inconnus = [t for _, t in noms if t not in TYPES]
    if inconnus or tuple(n for n, _ in noms[-4:]) != _COLONNES_FIXES:
        raise FormatInvalide(
            "Les colonnes doivent finir par date_debut;date_fin;source;certitude et porter des types connus.",
            fichier=fichier, ligne=numero,
        )
    return [(n, TYPES[t]) for n, t in noms]


def _une_ligne(
    nom: str, version: str, numero: int, colonnes: list[tuple[str, Callable[[str], Any]]], cellules: list[str]
) -> Ligne:
    if len(cellules) != len(colonnes):
        raise ValueError(f"{len(colonnes)} colonnes attendues, {len(cellules)} lues")
    valeurs = {n: lire_cellule(c.strip()) for (n, lire_cellule), c in zip(colonnes, cellules, strict=True)}
    debut, fin, source, certitude = (valeurs.pop(n) for n in _COLONNES_FIXES)
    debut = dates.lire_iso(debut)
    fin = dates.lire_iso(fin) if fin else None
    if fin and fin < debut:
        raise ValueError("la date de fin précède la date de début")
    if not source or certitude not in _CERTITUDES:
        raise ValueError("source absente, ou certitude autre que S, D, M, P")
    return Ligne(valeurs, debut, fin, source, certitude, nom, version, numero)


def _verifier_suites(fichier: str, cles: tuple[str, ...], lignes: list[Ligne]) -> None:
    """Rows of one key must follow each other day after day."""
    suites: dict[tuple[str, ...], list[Ligne]] = {}
    for ligne in lignes:
        if any(c not in ligne.valeurs for c in cles):
            raise FormatInvalide("Une clé déclarée n'est pas une colonne.", fichier=fichier, ligne=1)
        suites.setdefault(tuple(str(ligne[c]) for c in cles), []).append(ligne)
    for suite in suites.values():
        suite.sort(key=lambda ligne: ligne.debut)
        for avant, apres in itertools.pairwise(suite):
            _verifier_jonction(fichier, avant, apres)


def _verifier_jonction(fichier: str, avant: Ligne, apres: Ligne) -> None:
    if avant.fin is None or avant.fin >= apres.debut:
        raise FormatInvalide(
            f"Deux périodes se chevauchent (voir ligne {avant.numero}).", fichier=fichier, ligne=apres.numero
        )
    if avant.fin + timedelta(1) != apres.debut:
        raise FormatInvalide(
            f"Il manque des jours depuis la ligne {avant.numero}.", fichier=fichier, ligne=apres.numero
        )


def _masques_utiles(cles: Mapping[tuple[str, ...], Any]) -> list[tuple[bool, ...]]:
    """Which keys are ``*`` in this table, the most precise combination first."""
    return sorted({tuple(v == TOUS for v in cle) for cle in cles}, key=lambda m: (sum(m), m))
