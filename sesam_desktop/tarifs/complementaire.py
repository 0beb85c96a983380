"""Part of the complementary insurer (AMC, C2S), decided over all the lines once the AMO part is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sesam_desktop.factures.facture import Facture, Regle
from sesam_desktop.noyau.montants import Centimes, appliquer_taux, formater

from .contexte import Consultation, regle
from .parts import PartAmo


@dataclass(frozen=True, slots=True)
class PartAmc:
    """What the complementary insurer pays of one line, and why."""

    montant: Centimes = 0
    regles: tuple[Regle, ...] = ()


def parts(lignes: Sequence[PartAmo], facture: Facture, tables: Consultation) -> list[PartAmc]:
    """One part a line, in the same order; never more than what the AMO leaves."""
    return [_part(ligne, facture, tables) for ligne in lignes]


def _part(ligne: PartAmo, facture: Facture, tables: Consultation) -> PartAmc:
    """The State pays what the AMO leaves (AME); the C2S the ticket modérateur, the penalty and the participation; an AMC
    in gestion unique the ticket."""
    if ligne.decision.etat:
        code, assiette = "AME", ligne.ticket
    elif facture.beneficiaire.c2s:
        code, assiette = "C2S", ligne.ticket + ligne.penalite + ligne.participation
    elif facture.tiers_payant.amc and facture.amc is not None:
        code, assiette = "TM", ligne.ticket
    else:
        return PartAmc()
    if not assiette:
        return PartAmc()
    rangee = tables.lire("complementaire", ligne.cotation.jour, "amc", code=code)
    montant = appliquer_taux(assiette, rangee["taux"])
    texte = f"{rangee['libelle']} : {formater(montant, unite='€')}."
    return PartAmc(montant, (regle(f"AMC_{code}", texte, rangee, "amc"),))
