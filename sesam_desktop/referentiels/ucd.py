"""UCD codes (units dispensed by hospitals): their official files, and look-up by code or words, at a date.

SNDS    ``NU_UCD_R.csv``; dBase: ``ucd_total….dbf`` of the CNAM, one row a code and list (R retrocession, M and S billed
besides the stay). Prices are not kept: nobody bills a UCD from a liberal practice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sesam_desktop.noyau import identifiants
from sesam_desktop.noyau.erreurs import EntreeInvalide

from . import tableau, valeurs
from .articles import Article, ArticleLu, Articles, Fichier, Lecture, Suivre
from .base_referentiels import BaseReferentiels

SOURCE = "ucd"
_SNDS = ("UCD_UCD_COD", "UCD_LAB_NOM", "UCD_DSN_LIB", "UCD_CND_LIB")
_DBASE = ("CODE_UCD", "LISTE", "NOM_COURT", "LABO_EXP")
Cellules = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ucd:
    """One 7-digit code. `listes`: lists it is on, empty when the layout does not say."""

    code: str
    libelle: str
    laboratoire: str
    listes: tuple[str, ...]
    version: str
    hors_periode: bool = False


class CodesUcd:
    """Dated look-ups. Raises REFERENTIEL_ABSENT when no UCD table was imported."""

    def __init__(self, base: BaseReferentiels) -> None:
        self._articles = Articles(base, SOURCE, "table des UCD", _ucd)

    def ucd(self, code: str, jour: date) -> Ucd | None:
        """The UCD of this code."""
        return self._articles.un(code, jour)

    def chercher(self, mots: str, jour: date, limite: int = 20) -> list[Ucd]:
        """By words or beginning of code, in the order of the file."""
        return self._articles.chercher(mots, jour, limite)


def lire(fichiers: Sequence[Fichier], suivre: Suivre[Any]) -> Lecture:
    """The codes of one file. Rows of one code on several lists make one article."""
    table = tableau.lire(*fichiers[0])
    dbase = set(_DBASE) <= set(table.colonnes)
    table.exiger(*(_DBASE if dbase else _SNDS))
    lecture = Lecture(table.date.isoformat() if table.date else "")
    connus: dict[str, Article] = {}
    for numero, cellules in suivre(table.lignes):
        lecture.lire(table.fichier)
        try:
            ligne = table.nommer(cellules)
            article = _article_dbase(ligne) if dbase else _article_snds(ligne)
        except EntreeInvalide as erreur:
            lecture.rejeter(table.fichier, numero, erreur.message)
            continue
        nouvelles = [nom for nom in article.donnees["listes"] if nom not in _listes(connus, article)]
        if article.code in connus and nouvelles:
            connus[article.code].donnees["listes"].extend(nouvelles)
        elif lecture.garder(table.fichier, numero, article):
            connus[article.code] = article
    return lecture


def _listes(connus: Mapping[str, Article], article: Article) -> list[str]:
    connu = connus.get(article.code)
    return connu.donnees["listes"] if connu else []


def _article_snds(c: Cellules) -> Article:
    code = _code(c["UCD_UCD_COD"].removeprefix("000000"))
    libelle = valeurs.libelle(f"{c['UCD_DSN_LIB']} {c['UCD_CND_LIB']}")
    return Article(code, libelle, {"laboratoire": c["UCD_LAB_NOM"], "listes": []}, f"{code} {libelle}")


def _article_dbase(c: Cellules) -> Article:
    code, libelle = _code(c["CODE_UCD"]), valeurs.libelle(c["NOM_COURT"])
    if c["LISTE"] not in ("R", "M", "S"):
        raise EntreeInvalide(f"liste « {c['LISTE'][:20]} » inconnue")
    return Article(code, libelle, {"laboratoire": c["LABO_EXP"], "listes": [c["LISTE"]]}, f"{code} {libelle}")


def _code(texte: str) -> str:
    if not identifiants.ucd_valide(texte):
        raise EntreeInvalide(f"code UCD « {texte[:20]} » faux")
    return texte


def _ucd(lu: ArticleLu) -> Ucd:
    d = lu.donnees
    return Ucd(lu.code, lu.libelle, d["laboratoire"], tuple(d["listes"]), lu.version, lu.hors_periode)
