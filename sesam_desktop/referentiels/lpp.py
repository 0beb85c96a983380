"""Articles of the list of products and services (LPP): look-up by code or words, at a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .articles import ArticleLu
from .base_referentiels import BaseReferentiels
from .historique import Historique, Periode
from .periodes import jour_iso

SOURCE = "lpp"


@dataclass(frozen=True, slots=True)
class ArticleLpp:
    """One 7-digit code on the day asked. Amounts in centimes.

    tarif_centimes    what the AMO computes its part on; None: the table gives no price for this code that day
    prix_max_centimes the highest price that may be asked (PLV); None: none is given
    type_prestation   A purchase, L rental, S service, R repair, E upkeep, V delivery; as the table writes it
    entente           the article needs a prior agreement; None: the layout imported does not say
    fin               last day on which it may be billed, None while it is open
    nature            prestation code it is billed under (PAN, DVO, MAD…), empty when the layout does not say
    date_tarif        day since which `tarif_centimes` holds
    hors_periode      the table is later than the day asked, and its history does not reach back to it
    majorations       coefficient of the tariff by overseas territory (``971``), where the table gives one
    """

    code: str
    libelle: str
    tarif_centimes: int | None
    prix_max_centimes: int | None
    type_prestation: str
    entente: bool | None
    fin: date | None
    nature: str
    date_tarif: date | None
    version: str
    hors_periode: bool = False
    majorations: tuple[tuple[str, Decimal], ...] = ()


class Lpp:
    """Dated look-ups. Raises REFERENTIEL_ABSENT when no LPP was imported."""

    def __init__(self, base: BaseReferentiels) -> None:
        self._historique = Historique(base, SOURCE, "LPP", _article)

    def article(self, code: str, jour: date) -> ArticleLpp | None:
        """The article of this code, with its tariff in force on `jour`."""
        return self._historique.un(code, jour)

    def chercher(self, mots: str, jour: date, limite: int = 20) -> list[ArticleLpp]:
        """Articles by words or beginning of code, in the order of the file."""
        return self._historique.chercher(mots, jour, limite)


def _article(lu: ArticleLu, tarif: Periode) -> ArticleLpp:
    d = lu.donnees
    return ArticleLpp(
        lu.code, lu.libelle, tarif.get("tarif"), tarif.get("prix_max"), d["type"], tarif.get("entente"),
        jour_iso(d["fin"]), tarif.get("nature", ""), jour_iso(tarif.get("debut")), lu.version,
        lu.hors_periode,
        tuple((nom, Decimal(valeur)) for nom, valeur in tarif.get("majorations", {}).items()),
    )  # fmt: skip
