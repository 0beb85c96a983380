"""Prestation codes of the fund (AMI, G, PAN, HD7…): their labels, no tariff. Files, and look-up at a date.

CNAM    ``codes_prestation….csv`` (code, description); SNDS: ``IR_NAT_V.csv``, natures de prestation with the code B2
writes, one code sometimes under several natures. Tariffs of letters are tables of the program (resources/tarifs/prix).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sesam_desktop.noyau.erreurs import EntreeInvalide

from . import tableau, valeurs
from .articles import Article, ArticleLu, Articles, Fichier, Lecture, Suivre
from .base_referentiels import BaseReferentiels

SOURCE = "ngap"
_CNAM = ("code", "description")
_SNDS = ("PRS_NAT", "PRS_NAT_CB2", "PRS_NAT_LIB")
Cellules = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Prestation:
    """One code. `natures`: SNDS natures that share it, empty with the file of the CNAM."""

    code: str
    libelle: str
    natures: tuple[str, ...]
    version: str
    hors_periode: bool = False


class Prestations:
    """Dated look-ups. Raises REFERENTIEL_ABSENT when no table of prestation codes was imported."""

    def __init__(self, base: BaseReferentiels) -> None:
        self._articles = Articles(base, SOURCE, "table des codes prestation", _prestation)

    def prestation(self, code: str, jour: date) -> Prestation | None:
        """The prestation of this code."""
        return self._articles.un(code, jour)

    def chercher(self, mots: str, jour: date, limite: int = 20) -> list[Prestation]:
        """By words or beginning of code, in the order of the file."""
        return self._articles.chercher(mots, jour, limite)


def lire(fichiers: Sequence[Fichier], suivre: Suivre[Any]) -> Lecture:
    """The codes of one file. Natures of one code make one article, under the label of the first."""
    table = tableau.lire(*fichiers[0])
    snds = set(_SNDS) <= set(table.colonnes)
    table.exiger(*(_SNDS if snds else _CNAM))
    lecture = Lecture()
    connus: dict[str, Article] = {}
    for numero, cellules in suivre(table.lignes):
        lecture.lire(table.fichier)
        try:
            ligne = table.nommer(cellules)
            article = _article_snds(ligne) if snds else _article(ligne["code"], ligne["description"], [])
        except EntreeInvalide as erreur:
            lecture.rejeter(table.fichier, numero, erreur.message)
            continue
        if snds and article.code in connus:
            connus[article.code].donnees["natures"].extend(article.donnees["natures"])
        elif lecture.garder(table.fichier, numero, article):
            connus[article.code] = article
    return lecture


def _article_snds(c: Cellules) -> Article:
    if not re.fullmatch("[0-9]{1,5}", c["PRS_NAT"]):
        raise EntreeInvalide(f"nature « {c['PRS_NAT'][:20]} » illisible")
    if not c["PRS_NAT_CB2"]:
        raise EntreeInvalide(f"la nature {c['PRS_NAT']} n'a pas de code prestation")
    return _article(c["PRS_NAT_CB2"], c["PRS_NAT_LIB"], [c["PRS_NAT"]])


def _article(code: str, libelle: str, natures: list[str]) -> Article:
    if not re.fullmatch("[A-Z0-9]{1,3}", code):
        raise EntreeInvalide(f"code prestation « {code[:20]} » illisible")
    propre = valeurs.libelle(libelle)
    return Article(code, propre, {"natures": natures}, f"{code} {propre}")


def _prestation(lu: ArticleLu) -> Prestation:
    return Prestation(lu.code, lu.libelle, tuple(lu.donnees["natures"]), lu.version, lu.hors_periode)
