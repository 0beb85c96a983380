"""Tables in two files: one row a code, and the dated history of its price. Pure: bytes in, `Lecture` out.

LPP and NABM are both made so, in each form they are published in. A file is recognised by its columns, whatever its
name; one file may hold both parts. Periods of one code are put end to end: a later one closes the one before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide

from . import tableau, valeurs
from .articles import Article, Fichier, Lecture, Suivre
from .tableau import Tableau

Cellules = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fiche:
    """What a layout says of one code, prices aside."""

    code: str
    libelle: str
    donnees: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Periode:
    """What it says of its price from `debut` (AAAA-MM-JJ) to `fin`, None while it is open."""

    code: str
    debut: str
    fin: str | None
    donnees: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Forme:
    """One file of a layout. An analyser answers None when the row says nothing of its part."""

    colonnes: tuple[str, ...]
    fiche: Callable[[Cellules], Fiche] | None = None
    periode: Callable[[Cellules], Periode | None] | None = None


@dataclass(slots=True)
class _Lus:
    """Rows read, each with the file and line it comes from."""

    fiches: dict[str, tuple[str, int, Fiche]] = field(default_factory=dict)
    periodes: dict[str, list[tuple[str, int, Periode]]] = field(default_factory=dict)


def lire(fichiers: Sequence[Fichier], suivre: Suivre[Any], formes: Sequence[Forme], attendus: str) -> Lecture:
    """Every line of `fichiers` kept or rejected. `attendus`: names of the official files, for the refusals.

    A form without a date of its own is dated by its last change of price: what it says is not known to hold later.
    """
    lecture, lus, parts, ecrite = Lecture(), _Lus(), set(), ""
    for fichier in fichiers:
        table = tableau.lire(*fichier)
        forme = _reconnaitre(table, formes, attendus)
        parts |= {nom for nom in ("fiche", "periode") if getattr(forme, nom)}
        ecrite = max(ecrite, table.date.isoformat() if table.date else "")
        for numero, cellules in suivre(table.lignes):
            _lire_ligne(table, forme, numero, cellules, lecture, lus)
    if parts != {"fiche", "periode"}:
        raise _incomplet(fichiers, attendus)
    lecture.version = ecrite or max((p.debut for suite in lus.periodes.values() for *_, p in suite), default="")
    _assembler(lecture, lus)
    return lecture


def _reconnaitre(table: Tableau, formes: Sequence[Forme], attendus: str) -> Forme:
    for forme in formes:
        if set(forme.colonnes) <= set(table.colonnes):
            return forme
    raise FormatInvalide(
        "Les colonnes de ce fichier ne sont celles d'aucune forme connue : rien n'a été modifié.",
        code="TABLE_ILLISIBLE", fichier=table.fichier, action=f"Fichiers attendus : {attendus}.",
    )


def _incomplet(fichiers: Sequence[Fichier], attendus: str) -> FormatInvalide:
    return FormatInvalide(
        "Il manque l'un des deux fichiers, la liste des codes ou l'historique des tarifs : rien n'a été modifié.",
        code="TABLE_ILLISIBLE", fichier=", ".join(f.nom for f in fichiers),
        action=f"Indiquez le dossier qui les contient : {attendus}.",
    )


def _lire_ligne(
    table: Tableau, forme: Forme, numero: int, cellules: list[str], lecture: Lecture, lus: _Lus
) -> None:
    nom = table.fichier
    lecture.lire(nom)
    try:
        ligne = table.nommer(cellules)
        fiche = forme.fiche(ligne) if forme.fiche else None
        periode = forme.periode(ligne) if forme.periode else None
    except EntreeInvalide as erreur:
        lecture.rejeter(nom, numero, erreur.message)
        return
    if fiche and (deja := lus.fiches.setdefault(fiche.code, (nom, numero, fiche)))[:2] != (nom, numero):
        lecture.rejeter(nom, numero, f"code {fiche.code} déjà lu à la ligne {deja[1]}")
    elif periode:
        lus.periodes.setdefault(periode.code, []).append((nom, numero, periode))


def _assembler(lecture: Lecture, lus: _Lus) -> None:
    for code, (nom, numero, fiche) in lus.fiches.items():
        periodes = _suite(lecture, lus.periodes.pop(code, []))
        donnees = {**fiche.donnees, "periodes": periodes}
        if valeurs.abime(fiche.libelle):
            lecture.remarquer(nom, numero, f"le libellé du code {code} a perdu des lettres")
        lecture.garder(nom, numero, Article(code, fiche.libelle, donnees, f"{code} {fiche.libelle}"))
    for code, orphelines in lus.periodes.items():
        for nom, numero, _ in orphelines:
            lecture.rejeter(nom, numero, f"code {code} absent de la liste des codes")


def _suite(lecture: Lecture, lues: list[tuple[str, int, Periode]]) -> list[dict[str, Any]]:
    """The periods of one code in order of date. Two that begin the same day contradict each other."""
    suite: list[dict[str, Any]] = []
    for nom, numero, periode in sorted(lues, key=lambda lue: (lue[2].debut, lue[1])):
        if suite and suite[-1]["debut"] == periode.debut:
            lecture.rejeter(nom, numero, f"deux tarifs du code {periode.code} commencent le {periode.debut}")
            continue
        if suite:
            _fermer(suite[-1], periode, lecture, nom, numero)
        suite.append({"debut": periode.debut, "fin": periode.fin, **periode.donnees})
    return suite


def _fermer(avant: dict[str, Any], periode: Periode, lecture: Lecture, nom: str, numero: int) -> None:
    veille = (date.fromisoformat(periode.debut) - timedelta(1)).isoformat()
    if avant["fin"] is not None and avant["fin"] > veille:
        lecture.remarquer(nom, numero, f"le tarif précédent du code {periode.code} le chevauchait : arrêté la veille")
    if avant["fin"] is None or avant["fin"] > veille:
        avant["fin"] = veille
