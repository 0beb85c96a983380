"""The frontal's own look at the amounts of an act: rate, exemption, flat share of the insured, who pays.

Worked out from the zones received, apart from the sender's engine and its tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .refus import Motif, Refus

_SANS_EFFET = ("", "0", "9")      # no exemption, or the ASPA, which has its own rate
_SEUIL = ("1", "C")
_CENT_POUR_CENT = 100
_ASSURE = "A"
_GRATUIT, _NON_REMBOURSABLE = "G", "N"


def controler(exoneration: str, actes: Sequence[tuple[dict[str, Any], str, int]]) -> None:
    """`exoneration` of the invoice; each act with its participation (zone of its 4S) and the rank of its record.

    Raises Refus (ENT for a value that goes with no other, CPT for an amount).
    """
    jours: set[str] = set()
    for acte, participation, rang in actes:
        code = acte["exoneration"] or exoneration
        _exiger_taux(code, acte, rang)
        _exiger_montants(code, acte, participation, rang)
        if participation:
            _exiger_participation(code, acte, participation, rang)
            if acte["date_soins"] in jours:
                raise Refus(Motif.ENTETE, "Deux participations de l'assuré le même jour.", rang)
            jours.add(acte["date_soins"])


def _exiger_taux(code: str, acte: dict[str, Any], rang: int) -> None:
    if code not in _SANS_EFFET and acte["taux"] != _CENT_POUR_CENT and not _hors_base(acte):
        raise Refus(Motif.ENTETE, f"L'exonération {code} demande un taux de 100 %.", rang)


def _exiger_montants(code: str, acte: dict[str, Any], participation: str, rang: int) -> None:
    """The AMO never owes more than the base at the rate; at 100 % it owes all of it, the flat share apart."""
    base, taux, amo = acte["base"] or 0, acte["taux"] or 0, acte["montant_amo"] or 0
    if amo > (base * taux + 50) // 100:
        raise Refus(Motif.COMPTES, "Zone « montant_amo » : plus que la base au taux annoncé.", rang)
    if base > (acte["honoraires"] or 0):
        raise Refus(Motif.COMPTES, "Zone « base » : plus que les honoraires.", rang)
    if taux == _CENT_POUR_CENT and amo != base and participation != _ASSURE:
        raise Refus(Motif.COMPTES, "Zone « montant_amo » : à 100 %, la base entière est due.", rang)
    if amo and acte["qualificatif"] in (_GRATUIT, _NON_REMBOURSABLE):
        raise Refus(Motif.COMPTES, "Zone « montant_amo » : acte gratuit ou non remboursable.", rang)


def _exiger_participation(code: str, acte: dict[str, Any], participation: str, rang: int) -> None:
    if code not in _SEUIL:
        raise Refus(Motif.ENTETE, "La participation de l'assuré ne va qu'avec une exonération 1 ou C.", rang)
    retenue = (acte["base"] or 0) - (acte["montant_amo"] or 0)
    if (participation == _ASSURE) != bool(retenue):
        raise Refus(Motif.COMPTES, "La participation de l'assuré ne s'accorde pas avec le montant AMO.", rang)


def _hors_base(acte: dict[str, Any]) -> bool:
    return acte["qualificatif"] in (_GRATUIT, _NON_REMBOURSABLE) or not acte["base"]
