"""Pricing of an invoice: each kind of line is quoted by its module, then all lines are split between the payers.

Pure: the same invoice and the same context give the same answer. What the tables do not cover is refused with the path
of the field, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from sesam_desktop.factures import executant, qualificatifs, situation
from sesam_desktop.factures.facture import Facture, LigneTarifee, Tarification, Totaux

from .contexte import Consultation, Contexte, refuser
from .cotation import Cotation, Demande, demandes
from .repartition import repartir

Coter = Callable[[Facture, list[Demande], Consultation], list[Cotation]]

# Order of the lines in the answer. A module sees every line asked: it quotes its own, and looks at the others.
MODULES = ("medecin", "sage_femme", "auxiliaires", "dentiste", "ccam", "officine", "lpp", "biologie")


def tarifer(facture: Facture, contexte: Contexte) -> Tarification:
    """Price `facture`. Raises ErreurConnue (EntreeInvalide, HorsTable) with the path of the field in `ou`."""
    tables = Consultation(contexte, facture.executant)
    _exiger_tarifable(facture, tables)
    lignes = repartir(_coter(facture, tables), facture, tables)
    return Tarification(lignes, totaliser(lignes), tables.toutes_alertes())


def totaliser(lignes: Iterable[LigneTarifee]) -> Totaux:
    """A total is the sum of its lines."""
    lues = tuple(lignes)
    return Totaux(
        facture_centimes=sum(ligne.montant_centimes for ligne in lues),
        base_centimes=sum(ligne.base_centimes for ligne in lues),
        amo_centimes=sum(ligne.amo_centimes for ligne in lues),
        amc_centimes=sum(ligne.amc_centimes for ligne in lues),
        assure_centimes=sum(ligne.assure_centimes for ligne in lues),
    )


def _coter(facture: Facture, tables: Consultation) -> list[Cotation]:
    lues = demandes(facture, tables)
    voulus = {demande.module for demande in lues}
    return [c for nom in MODULES if nom in voulus for c in _module(nom)(facture, lues, tables)]


def _module(nom: str) -> Coter:
    """`coter` of a module, imported when a line first needs it: start-up does not pay for other trades."""
    return import_module(f".{nom}", __package__).coter


def _exiger_tarifable(facture: Facture, tables: Consultation) -> None:
    """Refuse a professional, a situation or a qualificatif the tables do not know, or that contradicts the rest."""
    for module in (executant, situation, qualificatifs):
        for alerte in module.refus(facture, tables.contexte.tables):
            raise refuser(alerte.code, alerte.message, alerte.champ, "Corrigez ce champ de la facture.")
