"""Nature of insurance of the care, proposed from what is known of the patient and of the care, with the reason.

Context rules (CF): a prisoner's care is sickness; a declared accident goes before maternity; an open maternity
exemption covers all care; prevention gives way to maternity from the first day of the sixth month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sesam_desktop.cartes.vitale import Periode
from sesam_desktop.noyau.dates import formater

MALADIE, MATERNITE, AT, PREVENTION = "maladie", "maternite", "at", "prevention"
JOURS_EXAMENS_ENFANT = 12
_MOIS_AVANT_LE_SIXIEME = 5
_MOIS_BIOLOGIE_DU_PERE = 4


@dataclass(frozen=True, slots=True)
class Contexte:
    """What the proposal looks at. Dates are those of the care and of the rights of the patient.

    `accident`: period of a declared work accident; `exoneration_maternite`: period of the exemption;
    `debut_grossesse`: presumed beginning; `soins_maternite`: this care is declared as maternity care;
    `examen_enfant`: mandatory examination of the child born on `naissance`.
    """

    jour: date
    detenu: bool = False
    ame: bool = False
    accident: Periode | None = None
    soins_lies_accident: bool = False
    exoneration_maternite: Periode | None = None
    debut_grossesse: date | None = None
    soins_maternite: bool = False
    biologie_du_pere: bool = False
    motif_prevention: bool = False
    examen_enfant: bool = False
    neonatologie: bool = False
    naissance: date | None = None


@dataclass(frozen=True, slots=True)
class Proposition:
    """`nature` of the invoice, and a French sentence that says why."""

    nature: str
    raison: str


def proposer(c: Contexte) -> Proposition:
    """The first rule that holds."""
    regles = (_detenu, _accident, _maternite, _pere, _enfant, _prevention)
    autrement = Proposition(MALADIE, "Aucune autre nature ne convient.")
    return next((p for regle in regles if (p := regle(c)) is not None), autrement)


def _detenu(c: Contexte) -> Proposition | None:
    return Proposition(MALADIE, "Personne détenue : tous les soins relèvent de la maladie.") if c.detenu else None


def _accident(c: Contexte) -> Proposition | None:
    if c.accident is None or not c.soins_lies_accident or not c.accident.contient(c.jour):
        return None
    return Proposition(AT, f"Soins liés à un accident du travail ouvert au {formater(c.jour)}.")


def _maternite(c: Contexte) -> Proposition | None:
    if c.exoneration_maternite is not None and c.exoneration_maternite.contient(c.jour):
        return Proposition(MATERNITE, "Exonération maternité ouverte : tous les soins en relèvent.")
    if c.soins_maternite and (c.debut_grossesse is None or c.debut_grossesse <= c.jour):
        return Proposition(MATERNITE, "Soins déclarés de maternité.")
    return None


def _pere(c: Contexte) -> Proposition | None:
    if not c.biologie_du_pere or c.debut_grossesse is None or c.jour < c.debut_grossesse:
        return None
    if c.jour >= _mois_plus_tard(c.debut_grossesse, _MOIS_BIOLOGIE_DU_PERE):
        return None
    return Proposition(MATERNITE, "Biologie du père avant la fin du quatrième mois.")


def _enfant(c: Contexte) -> Proposition | None:
    if not c.examen_enfant or c.neonatologie or c.ame or c.naissance is None:
        return None
    if not c.naissance <= c.jour <= c.naissance + timedelta(JOURS_EXAMENS_ENFANT):
        return None
    return Proposition(MATERNITE, "Examen obligatoire de l'enfant dans ses douze premiers jours.")


def _prevention(c: Contexte) -> Proposition | None:
    if not c.motif_prevention:
        return None
    if c.debut_grossesse is not None:
        sixieme = _mois_plus_tard(c.debut_grossesse, _MOIS_AVANT_LE_SIXIEME)
        if c.jour >= sixieme:
            raison = f"La prévention relève de la maternité depuis le sixième mois ({formater(sixieme)})."
            return Proposition(MATERNITE, raison)
    return Proposition(PREVENTION, "Motif médical de prévention.")


def _mois_plus_tard(jour: date, mois: int) -> date:
    """Same day `mois` months later, the last day of a shorter month instead."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    fin = date(annee + (rang == 11), (rang + 1) % 12 + 1, 1) - timedelta(1)
    return date(annee, rang + 1, min(jour.day, fin.day))
