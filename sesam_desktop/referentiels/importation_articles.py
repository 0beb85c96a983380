"""Import of a table kept as articles (CCAM, LPP, NABM…)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from . import fichiers
from .articles import Article, Fichier, Lecture
from .base_referentiels import BaseReferentiels
from .sources import SOURCES
from .suivi import Bilan, Progression, Suivi

_RETELECHARGER = "Téléchargez de nouveau le fichier officiel."


def importer(
    source: str,
    chemin: Path,
    base: BaseReferentiels,
    version: str,
    progression: Progression | None,
    annuler: Callable[[], bool] | None,
) -> Bilan:
    """See `importation.importer`."""
    chemins = fichiers.trouver(chemin, SOURCES[source].dispositions())
    lus = [Fichier(c.name, fichiers.octets(c, "Indiquez le fichier officiel.")) for c in chemins]
    suivi = Suivi(2 * sum(f.octets.count(b"\n") for f in lus), progression, annuler)
    lecture = SOURCES[source].analyser(lus, suivi.suivre)
    if not lecture.articles:
        raise fichiers.illisible(chemins[0], lecture.rejets, _RETELECHARGER)
    datee = version or lecture.version or fichiers.date_des_fichiers(chemins)
    _ecrire(base, source, datee, lecture, suivi)
    suivi.terminer()
    return Bilan(source, datee, len(lecture.articles), lecture.rejets, lecture.remarques, lecture.comptes())


def _ecrire(base: BaseReferentiels, source: str, datee: str, lecture: Lecture, suivi: Suivi) -> None:
    with base.nouvelle_version(source, datee, lecture.comptes(), len(lecture.articles)) as version:
        base.ouvrir_index(version)
        ((premier,),) = base.lire("SELECT coalesce(max(id), 0) + 1 FROM article")
        for lot in suivi.par_lots(list(enumerate(lecture.articles, premier))):
            base.ecrire_lot("INSERT INTO article VALUES (?, ?, ?, ?, ?)", (_rangee(version, *place) for place in lot))
            base.indexer(version, ((rang, article.mots) for rang, article in lot if article.mots))


def _rangee(version: int, rang: int, article: Article) -> tuple[int, int, str, str, str]:
    donnees = json.dumps(article.donnees, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return rang, version, article.code, article.libelle, donnees
