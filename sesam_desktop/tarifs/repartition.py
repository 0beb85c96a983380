"""Who pays a priced line: AMO, AMC, patient. The three parts always add up to the amount charged.

`amo_centimes` is the part the AMO owes, whether it pays the professional (tiers payant) or refunds the patient: the
amounts do not depend on the tiers payant AMO flag.
"""

from __future__ import annotations

from collections.abc import Sequence

from sesam_desktop.factures import situation
from sesam_desktop.factures.facture import Facture, LigneTarifee
from sesam_desktop.noyau.montants import appliquer_taux
from sesam_desktop.referentiels.tables import Ligne

from . import complementaire, depassements, explication, penalite, seuil
from .contexte import Consultation
from .cotation import Cotation
from .decision import Cas, Decision
from .parts import PartAmc, PartAmo
from .seuil import Participation
from .taux import decider


def repartir(cotations: Sequence[Cotation], facture: Facture, tables: Consultation) -> tuple[LigneTarifee, ...]:
    """The lines of the answer, every rule that took part in each included."""
    parts = _parts_amo(cotations, facture, tables)
    autres = complementaire.parts(parts, facture, tables)
    return tuple(_ligne(part, autre, tables) for part, autre in zip(parts, autres, strict=True))


def _parts_amo(cotations: Sequence[Cotation], facture: Facture, tables: Consultation) -> list[PartAmo]:
    patient = facture.beneficiaire
    rangees = situation.rangees(patient, facture.date_soins, tables.contexte.tables)
    for rangee in rangees:
        tables.lire("particularites", facture.date_soins, code=rangee["code"], regime=patient.regime)
    seuils = seuil.exonerations(cotations, tables)
    decisions = [
        decider(Cas(c, facture, tables, _regime(c, facture, tables), rangees, exoneration))
        for c, exoneration in zip(cotations, seuils, strict=True)
    ]
    participations = seuil.participations(cotations, decisions, facture, rangees, tables)
    return [
        _part_amo(c, decision, participations.get(rang), facture, tables)
        for rang, (c, decision) in enumerate(zip(cotations, decisions, strict=True))
    ]


def _regime(c: Cotation, facture: Facture, tables: Consultation) -> Ligne:
    """Row of the régime. Its doubt is told by the base rate alone: what exempts the line does not depend on it."""
    return tables.contexte.tables.charger("regimes").a_la_date(c.jour, code=facture.beneficiaire.regime)


def _part_amo(
    c: Cotation, decision: Decision, participation: Participation | None, facture: Facture, tables: Consultation
) -> PartAmo:
    depassements.exiger(c, tables)
    part = appliquer_taux(c.base, decision.taux)
    retenue, regles = penalite.majoration(c, decision, part, facture, tables)
    due = participation.montant if participation else 0
    regles = (decision.regle, explication.part_amo(c, decision, part, tables), *regles)
    if participation:
        regles += (participation.regle,)
    return PartAmo(c, decision, part - retenue - due, c.base - part, retenue, due, regles)


def _ligne(part: PartAmo, amc: PartAmc, tables: Consultation) -> LigneTarifee:
    c, decision = part.cotation, part.decision
    regles = (*c.regles, *part.regles, *amc.regles, explication.reste(part, amc.montant, tables))
    return LigneTarifee(
        acte=c.acte, libelle=c.libelle, quantite=c.quantite, coefficient=c.coefficient, prix_unitaire_centimes=c.prix,
        montant_centimes=c.montant, base_centimes=c.base, taux=decision.taux, exoneration=decision.exoneration,
        amo_centimes=part.montant, amc_centimes=amc.montant, assure_centimes=c.montant - part.montant - amc.montant,
        depassement_centimes=c.depassement if c.montant else 0, regles=regles, date=c.jour, saisie=c.rang,
        detail=c.detail, complement=c.complement, qualificatif=decision.qualificatif or c.qualificatif,
        participation_centimes=part.participation,
    )
