"""Who pays a priced line: AMO, AMC, patient. The three parts always add up to the amount charged.

`amo_centimes` is the part the AMO owes, whether it pays the professional (tiers payant) or refunds the patient: the
amounts do not depend on the tiers payant AMO flag.
"""

from __future__ import annotations

from collections.abc import Sequence

from sesam_desktop.factures import parcours
from sesam_desktop.factures.facture import Facture, LigneTarifee, Regle
from sesam_desktop.noyau.montants import Centimes, appliquer_taux, formater, formater_taux

from . import complementaire
from .complementaire import PartAmc
from .contexte import Consultation, regle
from .cotation import Cotation
from .parts import PartAmo
from .taux import Decision, decider


def repartir(cotations: Sequence[Cotation], facture: Facture, tables: Consultation) -> tuple[LigneTarifee, ...]:
    """The lines of the answer, every rule that took part in each included."""
    parts = [_part_amo(c, decider(c, facture, tables), facture, tables) for c in cotations]
    autres = complementaire.parts(parts, facture, tables)
    return tuple(_ligne(part, autre) for part, autre in zip(parts, autres, strict=True))


def _part_amo(c: Cotation, decision: Decision, facture: Facture, tables: Consultation) -> PartAmo:
    part = appliquer_taux(c.base, decision.taux)
    penalite, regles = _penalite(c, decision, part, facture, tables)
    return PartAmo(c, decision, part - penalite, c.base - part, penalite, regles=(decision.regle, *regles))


def _ligne(part: PartAmo, amc: PartAmc) -> LigneTarifee:
    c, decision = part.cotation, part.decision
    return LigneTarifee(
        acte=c.acte, libelle=c.libelle, quantite=c.quantite, coefficient=c.coefficient, prix_unitaire_centimes=c.prix,
        montant_centimes=c.montant, base_centimes=c.base, taux=decision.taux, exoneration=decision.exoneration,
        amo_centimes=part.montant, amc_centimes=amc.montant, assure_centimes=c.montant - part.montant - amc.montant,
        depassement_centimes=c.depassement if c.montant else 0, regles=(*c.regles, *part.regles, *amc.regles),
        date=c.jour, saisie=c.rang, detail=c.detail, complement=c.complement, qualificatif=c.qualificatif,
        participation_centimes=part.participation,
    )


def _penalite(
    c: Cotation, decision: Decision, part: Centimes, facture: Facture, tables: Consultation
) -> tuple[Centimes, tuple[Regle, ...]]:
    """Majoration hors parcours, for acts outside the coordinated pathway (IPS S)."""
    if not (c.soumise and decision.penalisable and c.base and _hors_parcours(c, facture, tables)):
        return 0, ()
    ligne = tables.lire("penalite", c.jour, c.champ, code="MTM")
    montant = min(appliquer_taux(c.base, ligne["taux"]), ligne["plafond"] * c.quantite, part)
    texte = (
        f"Hors parcours de soins : {formater_taux(ligne['taux'])} de {formater(c.base, unite='€')}, "
        f"plafond {formater(ligne['plafond'], unite='€')}, soit {formater(montant, unite='€')} en moins."
    )
    return montant, (regle("MAJORATION_HORS_PARCOURS", texte, ligne, "amo"),)


def _hors_parcours(c: Cotation, facture: Facture, tables: Consultation) -> bool:
    if not facture.parcours:
        return False
    ligne = tables.lire("parcours", c.jour, "parcours", code=facture.parcours)
    return ligne["position"] == "dehors" and parcours.est_concernee(facture, c.jour, tables.contexte.tables)
