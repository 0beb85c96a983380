"""Look-up of the medical acts (CCAM): one value a code × activity × phase, at the date of care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sesam_desktop.noyau.identifiants import ccam_valide

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
    incompatibles   codes its notes forbid beside it; a_verifier: codes whose association they exclude or restrict in a
                    way the file does not make decidable (both read from sentences: docs/referentiels.md)
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
    a_verifier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChapitreCcam:
    """A chapter and its notes, which hold for every act under it."""

    numero: str
    libelle: str
    notes: tuple[str, ...]
    version: str
    hors_periode: bool = False


@dataclass(frozen=True, slots=True)
class ModificateurCcam:
    """One value of a modifier (chapter 19.03); `rang` counts them, `libelle` says whom it is for.

    Column 1 (secteur 1, OPTAM) and column 2 (the others): an amount in centimes or a rate in hundredths of a percent.
    """

    code: str
    rang: int
    libelle: str
    montant_1: int | None
    montant_2: int | None
    taux_1: int | None
    taux_2: int | None
    notes: tuple[str, ...]
    version: str
    hors_periode: bool = False


class Ccam:
    """Dated look-ups. Raises REFERENTIEL_ABSENT when no CCAM was imported."""

    def __init__(self, base: BaseReferentiels) -> None:
        self._actes = Articles(base, SOURCE, "CCAM", _acte)
        self._chapitres = Articles(base, SOURCE, "CCAM", _chapitre)
        self._modificateurs = Articles(base, SOURCE, "CCAM", _modificateur)

    def acte(self, code: str, activite: str, phase: str, jour: date) -> ActeCcam | None:
        """The tariff of this activity and phase of this code."""
        return self._actes.un(f"{code}-{activite}-{phase}", jour) if ccam_valide(code) else None

    def activites(self, code: str, jour: date) -> list[ActeCcam]:
        """Every activity and phase of this code."""
        return self._actes.commencant_par(f"{code}-", jour) if ccam_valide(code) else []

    def chercher(self, mots: str, jour: date, limite: int = 20) -> list[ActeCcam]:
        """Acts by words or beginning of code, in the order of the chapters; one value a code, its first activity."""
        return self._actes.chercher(mots, jour, limite)

    def chapitre(self, numero: str, jour: date) -> ChapitreCcam | None:
        """The chapter of this number, ``18.02``."""
        return self._chapitres.un(f"chapitre-{numero}", jour)

    def modificateurs(self, jour: date) -> list[ModificateurCcam]:
        """Every value of every modifier."""
        return self._modificateurs.commencant_par("modificateur-", jour, limite=1000)


def _acte(lu: ArticleLu) -> ActeCcam:
    d = lu.donnees
    code, activite, phase = lu.code.split("-")
    return ActeCcam(
        code, activite, phase, lu.libelle, d["tarif_1"], d["tarif_2"], d["sous_conditions"], d["accord_prealable"],
        tuple(d["exonerations"]), d["regroupement"], tuple(d["modificateurs"]), tuple(d["complementaires"]),
        tuple(d["incompatibles"]), d["chapitre"], tuple(d["notes"]), lu.version, lu.hors_periode,
        tuple(d["a_verifier"]),
    )  # fmt: skip


def _chapitre(lu: ArticleLu) -> ChapitreCcam:
    return ChapitreCcam(
        lu.code.partition("-")[2], lu.libelle, tuple(lu.donnees["notes"]), lu.version, lu.hors_periode
    )


def _modificateur(lu: ArticleLu) -> ModificateurCcam:
    _, code, rang = lu.code.split("-")
    d = lu.donnees
    return ModificateurCcam(
        code, int(rang), lu.libelle, d["montant_1"], d["montant_2"], d["taux_1"], d["taux_2"], tuple(d["notes"]),
        lu.version, lu.hors_periode,
    )  # fmt: skip
