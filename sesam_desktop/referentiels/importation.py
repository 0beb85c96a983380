"""Import of an official table into the workstation's reference file: parse everything, then one transaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sesam_desktop.noyau.dates import lire_iso
from sesam_desktop.noyau.erreurs import EntreeInvalide

from . import importation_articles, importation_medicaments
from .base_referentiels import BaseReferentiels
from .bdpm import Rejet
from .conventions_amc import SOURCE as CONVENTIONS
from .sources import SOURCES as ARTICLES
from .suivi import Bilan, Progression

SOURCES = {
    "bdpm": "base publique des médicaments",
    **{nom: source.quoi for nom, source in ARTICLES.items()},
    "demonstration": "petite table livrée avec le programme",
}
_PART_ATTENDUE = 80  # percent of the lines of the newest other version (decision of the project)


def importer(
    source: str,
    chemin: Path,
    base: BaseReferentiels,
    progression: Progression | None = None,
    *,
    annuler: Callable[[], bool] | None = None,
    version: str = "",
) -> Bilan:
    """Read the table of `source` at `chemin` (its file, or the folder that holds it), keep it as one dated version.

    version      AAAA-MM-JJ from which it is used; by default the date written in the file or, failing that, its own
    progression  called with (done, total) rows; annuler is asked regularly and stops everything when it answers True
    Raises SOURCE_INCONNUE, FICHIER_ABSENT, TABLE_ILLISIBLE, Annulation; the base is then as it was.
    """
    if source not in SOURCES:
        connues = SOURCES | {CONVENTIONS: "conventions et formules des complémentaires"}
        prises_en_charge = ", ".join(f"{nom} ({quoi})" for nom, quoi in connues.items())
        raise EntreeInvalide(
            f"La source « {source} » n'est pas prise en charge.",
            code="SOURCE_INCONNUE",
            action=f"Sources prises en charge : {prises_en_charge}.",
        )
    if version:
        lire_iso(version, "version")
    module = importation_articles if source in ARTICLES else importation_medicaments
    bilan = module.importer(source, chemin, base, version, progression, annuler)
    _comparer_a_l_ancienne(bilan, base)
    return bilan


def _comparer_a_l_ancienne(bilan: Bilan, base: BaseReferentiels) -> None:
    """A text cut at the end of a line reads well: only its size tells. A remark: tables do shrink."""
    autres = [v for v in base.versions(bilan.source) if v.date != bilan.version]
    if not autres or bilan.lignes * 100 >= autres[0].lignes * _PART_ATTENDUE:
        return
    fichier, ancienne = bilan.fichiers[0], autres[0]
    motif = (
        f"{bilan.lignes} lignes gardées, contre {ancienne.lignes} dans la version du {ancienne.date} :"
        " s'il est coupé, importez-le de nouveau à la même date, il remplacera celui-ci"
    )
    bilan.remarques.insert(0, Rejet(fichier.fichier, fichier.lues, motif))
