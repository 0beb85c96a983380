"""The arithmetic of a line in words: what the AMO pays, and what remains and why. No amount is worked out here."""

from __future__ import annotations

from sesam_desktop.factures.facture import Regle
from sesam_desktop.noyau.montants import Centimes, formater, formater_taux

from .contexte import Consultation, regle
from .cotation import Cotation
from .decision import Decision
from .parts import PartAmo


def part_amo(c: Cotation, decision: Decision, part: Centimes, tables: Consultation) -> Regle:
    """``20,00 € × 70 % = 14,00 €``, before what is taken off it."""
    formule = tables.lire("formules", c.jour, code="PART_AMO")
    texte = f"{_euros(c.base)} × {formater_taux(decision.taux)} = {_euros(part)}."
    return regle("PART_AMO", texte, formule, "amo")


def reste(part: PartAmo, amc: Centimes, tables: Consultation) -> Regle:
    """What the patient pays, by reason."""
    c = part.cotation
    formule = tables.lire("formules", c.jour, code="RESTE_ASSURE")
    montant = c.montant - part.montant - amc
    return regle("RESTE_ASSURE", _texte(montant, _raisons(part), amc), formule, "assure")


def _raisons(part: PartAmo) -> list[tuple[str, Centimes]]:
    """Everything the AMO does not pay, by name; the amounts add up to what is charged less the AMO part."""
    c = part.cotation
    depassement = c.depassement if c.montant else 0
    au_dela = c.montant - c.base - depassement
    noms = [
        ("part de l'État" if part.decision.etat else "ticket modérateur", part.ticket),
        ("majoration hors parcours", part.penalite),
        ("participation de l'assuré", part.participation),
        ("non remboursable" if not c.base else "au-delà de la base", au_dela),
        ("dépassement", depassement),
    ]
    return [(nom, montant) for nom, montant in noms if montant]


def _texte(montant: Centimes, raisons: list[tuple[str, Centimes]], amc: Centimes) -> str:
    if not raisons:
        return "Il ne reste rien au patient."
    somme = " + ".join(f"{nom} {_euros(valeur)}" for nom, valeur in raisons)
    if amc:
        somme += f" − part complémentaire {_euros(amc)}"
    return f"Reste au patient {_euros(montant)} : {somme}."


def _euros(montant: Centimes) -> str:
    return formater(montant, unite="€")
