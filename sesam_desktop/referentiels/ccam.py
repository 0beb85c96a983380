"""Look-up of the medical acts (CCAM): one value a code × activity × phase, at the date of care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .articles import ArticleLu, Articles
from .base_referentiels import BaseReferentiels

SOURCE = "ccam"


@dataclass(frozen=True, slots=True)
class ActeCcam:
    """One code × activity × phase as the table in force gives it. Amounts in centimes; None: not reimbursed.

    tarif_1         secteur 1, or adherent to OPTAM; tarif_2: the others
    sous_conditions reimbursed under conditions (RC); accord_prealable: agreement to be asked before (AP)
    exonerations    codes of the column « Exo. TM », ``("1", "7")``
    regroupement    code of the prestation billed: ATM, ADC, ADA, ADI…
    modificateurs   those allowed for this act; complementaires: codes in parentheses under it
    incompatibles   codes its notes forbid on the same invoice (read from their sentences: docs/referentiels.md)
    chapitre        ``07.03.02.01``; 18.02 holds the gestes complémentaires, 19.02 the suppléments
    hors_periode    the table is later than the day asked: tariffs must be confirmed
    """

    code: str
    activite: str
    phase: str
    libelle: str
    tarif_1: int | None
    tarif_2: int | None
    sous_conditions: bool
    accord_prealable: bool
    exonerations: tuple[str, ...]
    regroupement: str
    modificateurs: tuple[str, ...]
    complementaires: tuple[str, ...]
    incompatibles: tuple[str, ...]
    chapitre: str
    notes: tuple[str, ...]
    version: str
    hors_periode: bool = False


class Ccam:
    """Dated look-ups. Raises REFERENTIEL_ABSENT when no CCAM was imported."""

    def __init__(self, base: BaseReferentiels) -> None:
        self._articles = Articles(base, SOURCE, "CCAM", _acte)

    def acte(self, code: str, activite: str, phase: str, jour: date) -> ActeCcam | None:
        """The tariff of this activity and phase of this code."""
        return self._articles.un(cle(code, activite, phase), jour)

    def activites(self, code: str, jour: date) -> list[ActeCcam]:
        """Every activity and phase of this code."""
        return self._articles.commencant_par(f"{code}-", jour)

    def chercher(self, mots: str, jour: date, limite: int = 20) -> list[ActeCcam]:
        """Acts by words or beginning of code, in the order of the chapters; one value a code, its first activity."""
        return self._articles.chercher(mots, jour, limite)


def cle(code: str, activite: str, phase: str) -> str:
    """``DEQP003-1-0``: the code of the article that holds this activity."""
    return f"{code}-{activite}-{phase}"


def _acte(lu: ArticleLu) -> ActeCcam:
    d = lu.donnees
    code, activite, phase = lu.code.split("-")
    return ActeCcam(
        code, activite, phase, lu.libelle, d["tarif_1"], d["tarif_2"], d["sous_conditions"], d["accord_prealable"],
        tuple(d["exonerations"]), d["regroupement"], tuple(d["modificateurs"]), tuple(d["complementaires"]),
        tuple(d["incompatibles"]), d["chapitre"], tuple(d["notes"]), lu.version, lu.hors_periode,
    )  # fmt: skip
