"""Who pays a priced line: AMO, AMC, patient. The three parts always add up to the amount charged.

`amo_centimes` is the part the AMO owes, whether it pays the professional (tiers payant) or refunds the patient: the
amounts do not depend on the tiers payant AMO flag.
"""

from __future__ import annotations

from sesam_desktop.factures import parcours
from sesam_desktop.factures.facture import Facture, LigneTarifee, Regle
from sesam_desktop.noyau.montants import Centimes, appliquer_taux, formater, formater_taux

from .contexte import Consultation, regle
from .cotation import Cotation
from .taux import Decision, decider


def repartir(cotation: Cotation, facture: Facture, tables: Consultation) -> LigneTarifee:
    """The line of the answer, every rule that took part in it included."""
    decision = decider(cotation, facture, tables)
    part = appliquer_taux(cotation.base, decision.taux)
    ticket = cotation.base - part
    penalite, regles_penalite = _penalite(cotation, decision, part, facture, tables)
    amc, regles_amc = _complementaire(cotation, ticket, penalite, facture, tables)
    amo = part - penalite
    return LigneTarifee(
        acte=cotation.acte, libelle=cotation.libelle, quantite=cotation.quantite, coefficient=cotation.coefficient,
        prix_unitaire_centimes=cotation.prix, montant_centimes=cotation.montant, base_centimes=cotation.base,
        taux=decision.taux, exoneration=decision.exoneration, amo_centimes=amo, amc_centimes=amc,
        assure_centimes=cotation.montant - amo - amc,
        depassement_centimes=cotation.depassement if cotation.montant else 0,
        regles=(*cotation.regles, decision.regle, *regles_penalite, *regles_amc), date=cotation.jour,
        saisie=cotation.rang, detail=cotation.detail, complement=cotation.complement,
        qualificatif=cotation.qualificatif,
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
    return montant, (regle("MAJORATION_HORS_PARCOURS", texte, ligne),)


def _hors_parcours(c: Cotation, facture: Facture, tables: Consultation) -> bool:
    if not facture.parcours:
        return False
    ligne = tables.lire("parcours", c.jour, "parcours", code=facture.parcours)
    return ligne["position"] == "dehors" and parcours.est_concernee(facture, c.jour, tables.contexte.tables)


def _complementaire(
    c: Cotation, ticket: Centimes, penalite: Centimes, facture: Facture, tables: Consultation
) -> tuple[Centimes, tuple[Regle, ...]]:
    """The C2S takes the ticket modérateur and the penalty; a complémentaire in gestion unique the ticket only."""
    if facture.beneficiaire.c2s:
        code, assiette = "C2S", ticket + penalite
    elif facture.tiers_payant.amc and facture.amc is not None:
        code, assiette = "TM", ticket
    else:
        return 0, ()
    if not assiette:
        return 0, ()
    ligne = tables.lire("complementaire", c.jour, "amc", code=code)
    montant = appliquer_taux(assiette, ligne["taux"])
    return montant, (regle(f"AMC_{code}", f"{ligne['libelle']} : {formater(montant, unite='€')}.", ligne),)
