"""The most that a qualificatif lets charge over the base: the dépassement autorisé (DA) of a specialist of sector 1."""

from __future__ import annotations

from sesam_desktop.noyau.montants import Centimes, Taux, formater, formater_taux

from .contexte import Consultation, refuser
from .cotation import Cotation

_EURO: Centimes = 100


def exiger(c: Cotation, tables: Consultation) -> None:
    """Refuse an overrun above the ceiling of its qualificatif. Raises EntreeInvalide (DEPASSEMENT_PLAFOND)."""
    if not (c.depassement and c.qualificatif):
        return
    rangee = tables.lire("qualificatifs", c.jour, f"lignes[{c.rang}].qualificatif", code=c.qualificatif)
    if not rangee["plafond"]:
        return
    maximum = plafond(c.base, c.quantite, rangee["plafond"])
    if c.depassement > maximum:
        raise refuser(
            "DEPASSEMENT_PLAFOND",
            f"Le dépassement {c.qualificatif} va jusqu'à {formater_taux(rangee['plafond'])} de la base, arrondi à "
            f"l'euro supérieur : {formater(maximum, unite='€')} au plus.",
            f"lignes[{c.rang}].depassement_centimes", "Réduisez le dépassement.",
        )


def plafond(base: Centimes, quantite: int, taux: Taux) -> Centimes:
    """Share of the base of one act, rounded up to the next euro, times the number of acts."""
    par_acte = -(-base * taux // (quantite * 10_000 * _EURO)) * _EURO
    return par_acte * quantite
