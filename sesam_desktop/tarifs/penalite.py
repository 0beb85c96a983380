"""Majoration of the ticket modérateur for care outside the coordinated pathway (IPS S).

The line shows what the specification computes: AMO = base at its rate less the majoration. For a C2S patient the C2S
pays it; for another one, when the AMO pays the professional, the fund collects it later from the patient.
"""

from __future__ import annotations

from sesam_desktop.factures import parcours
from sesam_desktop.factures.facture import Facture, Regle
from sesam_desktop.noyau.montants import Centimes, appliquer_taux, formater, formater_taux

from .contexte import Consultation, regle
from .cotation import Cotation
from .decision import Decision


def majoration(
    c: Cotation, decision: Decision, part: Centimes, facture: Facture, tables: Consultation
) -> tuple[Centimes, tuple[Regle, ...]]:
    """Amount taken off `part`, never more than it, and its rule; zero when the majoration does not apply."""
    if not (c.soumise and decision.penalisable and c.base and _hors_parcours(c, facture, tables)):
        return 0, ()
    ligne = tables.lire("penalite", c.jour, c.champ, code="MTM")
    montant = min(appliquer_taux(c.base, ligne["taux"]), ligne["plafond"] * c.quantite, part)
    texte = (
        f"Hors parcours de soins : {formater_taux(ligne['taux'])} de {formater(c.base, unite='€')}, "
        f"plafond {formater(ligne['plafond'], unite='€')} par acte, soit {formater(montant, unite='€')} en moins."
    )
    return montant, (regle("MAJORATION_HORS_PARCOURS", texte, ligne, "amo"),)


def _hors_parcours(c: Cotation, facture: Facture, tables: Consultation) -> bool:
    if not facture.parcours:
        return False
    ligne = tables.lire("parcours", c.jour, "parcours", code=facture.parcours)
    return ligne["position"] == "dehors" and parcours.est_concernee(facture, c.jour, tables.contexte.tables)
