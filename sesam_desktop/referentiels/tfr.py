"""Tarifs forfaitaires de responsabilité: the base of the boxes of some generic groups. File, and look-up at a date.

No public file gives them: the layout is a project profile, one CSV with the columns ``cip13`` and ``tfr`` (euros).
Every import replaces the list from its own date on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.identifiants import cip13_valide

from . import tableau, valeurs
from .articles import Article, ArticleLu, Articles, Fichier, Lecture, Suivre
from .base_referentiels import BaseReferentiels

SOURCE = "tfr"
_COLONNES = ("cip13", "tfr")


@dataclass(frozen=True, slots=True)
class TarifForfaitaire:
    """The TFR of one box, in centimes. `hors_periode`: the list is later than the day asked."""

    cip13: str
    prix_centimes: int
    version: str
    hors_periode: bool = False


class Tfr:
    """Dated look-up. A workstation without any list answers None: most boxes have no TFR."""

    def __init__(self, base: BaseReferentiels) -> None:
        self._base = base
        self._articles = Articles(base, SOURCE, "liste des TFR", _tarif)

    def tarif(self, cip13: str, jour: date) -> TarifForfaitaire | None:
        """The TFR of this box."""
        if self._base.en_vigueur((SOURCE,), jour) is None:
            return None
        return self._articles.un(cip13, jour)


def lire(fichiers: Sequence[Fichier], suivre: Suivre[Any]) -> Lecture:
    """The boxes of one file."""
    table = tableau.lire(*fichiers[0])
    table.exiger(*_COLONNES)
    lecture = Lecture()
    for numero, cellules in suivre(table.lignes):
        lecture.lire(table.fichier)
        try:
            ligne = table.nommer(cellules)
            lecture.garder(table.fichier, numero, _article(ligne["cip13"], ligne["tfr"]))
        except EntreeInvalide as erreur:
            lecture.rejeter(table.fichier, numero, erreur.message)
    return lecture


def _article(cip13: str, tfr: str) -> Article:
    if not cip13_valide(cip13):
        raise EntreeInvalide(f"code CIP13 « {cip13[:20]} » faux")
    prix = valeurs.centimes(tfr.replace(",", "."))
    if not prix:
        raise EntreeInvalide("TFR nul")
    return Article(cip13, f"TFR {cip13}", {"prix": prix})


def _tarif(lu: ArticleLu) -> TarifForfaitaire:
    return TarifForfaitaire(lu.code, lu.donnees["prix"], lu.version, lu.hors_periode)
