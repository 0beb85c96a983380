"""Rows of any official table but the medicines: what a layout's parser gives, and dated look-ups over them.

A parser (`Source.analyser`) is pure: it turns the bytes of the official files into a `Lecture`, where every line is
kept or rejected with its reason. A look-up (`Articles`) turns rows back into the values of its trade.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from sesam_desktop.noyau.erreurs import ErreurConnue

from . import recherche
from .base_referentiels import BaseReferentiels, Compte, EnVigueur
from .bdpm import Rejet
from .memoire import Memoire

T = TypeVar("T")
Suivre = Callable[[Iterable[T]], Iterator[T]]
_COLONNES = "SELECT code, libelle, donnees FROM article"
RETENUS = 2048  # values remembered by one look-up


class Fichier(NamedTuple):
    """One official file."""

    nom: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Article:
    """One row of a table. `donnees` holds JSON values only; `mots` is what a search looks at ("" : never found)."""

    code: str
    libelle: str
    donnees: Mapping[str, Any]
    mots: str = ""


@dataclass(slots=True)
class Lecture:
    """What a parser found. `version`: the date written in the files, "" when they say none."""

    version: str = ""
    articles: list[Article] = field(default_factory=list)
    rejets: list[Rejet] = field(default_factory=list)
    remarques: list[Rejet] = field(default_factory=list)
    lues: dict[str, int] = field(default_factory=dict)
    _vus: dict[str, tuple[str, int]] = field(default_factory=dict)

    def lire(self, fichier: str) -> None:
        """One more line of `fichier` was read."""
        self.lues[fichier] = self.lues.get(fichier, 0) + 1

    def garder(self, fichier: str, ligne: int, article: Article) -> bool:
        """Keep the article read there; False, and a rejection, when its code has already been read."""
        if article.code in self._vus:
            ailleurs, premiere = self._vus[article.code]
            ou = f" de {ailleurs}" if ailleurs != fichier else ""
            self.rejeter(fichier, ligne, f"code {article.code} déjà lu à la ligne {premiere}{ou}")
            return False
        self._vus[article.code] = fichier, ligne
        self.articles.append(article)
        return True

    def rejeter(self, fichier: str, ligne: int, motif: str) -> None:
        """The line is not kept, because…"""
        self.rejets.append(Rejet(fichier, ligne, motif))

    def remarquer(self, fichier: str, ligne: int, motif: str) -> None:
        """The line is kept, with a doubt."""
        self.remarques.append(Rejet(fichier, ligne, motif))

    def comptes(self) -> list[Compte]:
        """Lines read and kept of each file."""
        perdues = [nom for nom, _ in {(r.fichier, r.ligne) for r in self.rejets}]
        return [Compte(nom, lues, lues - perdues.count(nom)) for nom, lues in self.lues.items()]


@dataclass(frozen=True, slots=True)
class Source:
    """An official table that can be imported.

    quoi      its name in French, for the lists shown
    fichiers  patterns of its files, looked for when a folder is given: one file each (``("ccam*.csv",)``)
    analyser  the pure parser; it passes the lines it reads through `suivre`, which counts them and may stop everything.
              Raises FormatInvalide (code TABLE_ILLISIBLE) when the files are not what they should be
    autres    patterns of the other layouts the same table exists in, looked for in turn
    """

    quoi: str
    fichiers: tuple[str, ...]
    analyser: Callable[[Sequence[Fichier], Suivre[Any]], Lecture]
    autres: tuple[tuple[str, ...], ...] = ()

    def dispositions(self) -> tuple[tuple[str, ...], ...]:
        """Patterns of the files of each layout."""
        return (self.fichiers, *self.autres)


class ArticleLu(NamedTuple):
    """A row as the table in force gives it."""

    code: str
    libelle: str
    donnees: Mapping[str, Any]
    version: str
    hors_periode: bool


class Articles(Generic[T]):
    """Dated look-ups over the articles of one source, each turned into a T by `construire`.

    quoi  "Aucune {quoi} n'est installée": raises REFERENTIEL_ABSENT when nothing was imported
    Values are remembered by code until the next import: they must be immutable.
    """

    def __init__(self, base: BaseReferentiels, source: str, quoi: str, construire: Callable[[ArticleLu], T]) -> None:
        self._base, self._source, self._quoi, self._construire = base, source, quoi, construire
        self._retenus = Memoire(base, self._version, self._chercher_un, RETENUS)

    def un(self, code: str, jour: date) -> T | None:
        """The article of this code at this date."""
        return self._retenus.lire(jour, code) if code.isascii() else None

    def commencant_par(self, prefixe: str, jour: date, limite: int = 20) -> list[T]:
        """The articles whose code begins so, in the order of codes."""
        if not prefixe.isascii():
            return []
        return self._base.a_jour(lambda: self._commencant_par(prefixe, self._version(jour), limite))

    def chercher(self, mots: str, jour: date, limite: int = 20) -> list[T]:
        """The articles that hold every word of `mots` (its beginning is enough), in the order of the file."""
        requete = recherche.requete(mots)
        if not requete:
            return []
        return self._base.a_jour(lambda: self._chercher(requete, self._version(jour), limite))

    def _commencant_par(self, prefixe: str, version: EnVigueur, limite: int) -> list[T]:
        lignes = self._base.lire(
            f"{_COLONNES} WHERE version = ? AND code >= ? AND code < ? ORDER BY code LIMIT ?",
            (version.id, prefixe, prefixe + "\x7f", limite),
        )
        return [self._valeur(ligne, version) for ligne in lignes]

    def _chercher(self, requete: str, version: EnVigueur, limite: int) -> list[T]:
        lignes = recherche.rangees(self._base, version.id, requete, limite, _COLONNES, "id")
        return [self._valeur(ligne, version) for ligne in lignes]

    def _chercher_un(self, version: EnVigueur, code: str) -> T | None:
        lignes = self._base.lire(f"{_COLONNES} WHERE version = ? AND code = ?", (version.id, code))
        return self._valeur(lignes[0], version) if lignes else None

    def _valeur(self, ligne: tuple[Any, ...], version: EnVigueur) -> T:
        code, libelle, donnees = ligne
        return self._construire(ArticleLu(code, libelle, json.loads(donnees), version.date, version.hors_periode))

    def _version(self, jour: date) -> EnVigueur:
        version = self._base.en_vigueur((self._source,), jour)
        if version is None:
            raise ErreurConnue(
                f"Aucune {self._quoi} n'est installée sur ce poste.",
                code="REFERENTIEL_ABSENT",
                action=f"Importez la source « {self._source} » depuis la page Référentiels.",
            )
        return version
