"""Articles of the list of products and services (LPP): look-up by code or words, at a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ArticleLpp:
    """One 7-digit code as a dated table gives it. Amounts in centimes.

    tarif_centimes    what the AMO computes its part on; None: the table gives no price for this code
    prix_max_centimes the highest price that may be asked (PLV); None: none is given
    type_prestation   A purchase, L rental, S service, R repair, E upkeep, V other; as the table writes it
    entente           the article needs a prior agreement
    fin               last day on which it may be billed, None while it is open
    nature            prestation code it is billed under (PAN, DVO, MAD…), empty when the table does not say
    date_tarif        day since which `tarif_centimes` holds
    hors_periode      the table is later than the day asked (no older one is known)
    """

    code: str
    libelle: str
    tarif_centimes: int | None
    prix_max_centimes: int | None
    type_prestation: str
    entente: bool
    fin: date | None
    nature: str
    date_tarif: date | None
    version: str
    hors_periode: bool = False
