"""Pricing of an invoice: each trade quotes its lines, then every line is split between AMO, AMC and patient.

Pure: the same invoice and the same context give the same answer. What the tables do not cover is refused with the path
of the field, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sesam_desktop.factures.facture import Facture, LigneTarifee, Tarification, Totaux

from . import infirmier, medecin, officine
from .contexte import Consultation, Contexte, refuser
from .cotation import Cotation
from .repartition import repartir

_METIERS: dict[str, Callable[[Facture, Consultation], list[Cotation]]] = {
    "pharmacien": officine.coter,
    "infirmier": infirmier.coter,
    "medecin": medecin.coter,
}
_CONVENTIONNES = ("1", "2", "3")


def tarifer(facture: Facture, contexte: Contexte) -> Tarification:
    """Price `facture`. Raises ErreurConnue (EntreeInvalide, HorsTable) with the path of the field in `ou`."""
    tables = Consultation(contexte, facture.executant)
    coter = _metier(facture, tables)
    lignes = tuple(repartir(cotation, facture, tables) for cotation in coter(facture, tables))
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


def _metier(facture: Facture, tables: Consultation) -> Callable[[Facture, Consultation], list[Cotation]]:
    executant = facture.executant
    ligne = tables.trouver("specialites", facture.date_soins, code=executant.specialite)
    if ligne is None:
        raise refuser(
            "METIER_NON_COUVERT", f"La spécialité {executant.specialite} n'est pas encore tarifée par ce programme.",
            "executant.specialite", "Spécialités admises : 01, 22, 23, 24, 50 et 51.",
        )
    if executant.convention not in _CONVENTIONNES:
        raise refuser(
            "CONVENTION_NON_COUVERTE", "Seuls les professionnels conventionnés (1, 2, 3) sont tarifés.",
            "executant.convention", "Corrigez la situation du professionnel.",
        )
    return _METIERS[ligne["profession"]]
