"""The judgement of a lot of DRE: is each for who receives it, does it ask something, does it name what it replaces.

Rules of the project: no public text gives those of an insurer or of an OCT.
"""

from __future__ import annotations

from .lot_lu import FactureLue, LotLu
from .refus import Motif, Refus, Signaler

_INITIALE = "I"
_ASSUREUR = "OC"


def controler(lot: LotLu, signaler: Signaler) -> None:
    """`signaler` is told each DRE at fault. Raises Refus when the lot itself is."""
    if lot.lot["organisme_destinataire"] != lot.amc[-3:]:
        raise Refus(Motif.DESTINATAIRE, "Le fichier n'est pas adressé à l'organisme qui le reçoit.")
    for demande in lot.factures:
        for motif, message in _defauts(lot, demande):
            signaler(Refus(motif, message, demande.rang, demande.numero))


def _defauts(lot: LotLu, demande: FactureLue) -> list[tuple[Motif, str]]:
    supplement, defauts = demande.supplement_dre, []
    assureur = supplement["numero_amc"].zfill(10)
    if not assureur.strip("0"):
        defauts.append((Motif.DESTINATAIRE, "Une demande ne nomme aucune complémentaire."))
    elif lot.type_organisme == _ASSUREUR and assureur != lot.amc:
        defauts.append((Motif.DESTINATAIRE, "Une demande est pour une autre complémentaire que le fichier."))
    if not demande.amc:
        defauts.append((Motif.COMPTES, "Une demande ne demande aucun montant."))
    nomme = bool((supplement["demande_remplacee"] or "").strip("0"))
    if nomme is (supplement["nature"] == _INITIALE):
        defauts.append((Motif.ENTETE, "Une annulation ou une rectificative nomme une autre demande, et elle seule."))
    if demande.entete["eclatement"]:
        defauts.append((Motif.ENTETE, "Une demande ne laisse pas sa part à une autre : top d'éclatement inattendu."))
    return defauts
