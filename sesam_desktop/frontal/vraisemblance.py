"""What a fund accepts and signals: keys, dates and amounts that can hardly be meant. Project's own list [P]."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from sesam_desktop.noyau.dates import depuis_aammjj, formater, jours_feries
from sesam_desktop.noyau.identifiants import luhn
from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.referentiels.tables import DossierTables

from .lot_lu import FactureLue, LotLu

_SAMEDI = 5


@dataclass(frozen=True, slots=True)
class Doute:
    """One thing to look at before sending. `facture` is "" for the whole lot."""

    facture: str
    code: str
    phrase: str


def doutes(lot: LotLu, jour: date) -> Iterator[Doute]:
    """Everything doubtful of a lot that was read, as on `jour`."""
    yield from _du_lot(lot, jour)
    for facture in lot.factures:
        for code, phrase in (*_cles(lot, facture), *_dates(facture, jour), *_montants(facture)):
            yield Doute(facture.numero, code, phrase)


def _du_lot(lot: LotLu, jour: date) -> Iterator[Doute]:
    if not luhn(lot.lot["numero_partenaire"]):
        yield Doute("", "CLE_PARTENAIRE", "La clé du numéro de facturation ne correspond pas.")
    constitue_le = depuis_aammjj(lot.lot["date_lot"], jour)
    if constitue_le is None or constitue_le > jour:
        yield Doute("", "DATE_LOT", "La date de constitution du lot est impossible ou à venir.")


def _cles(lot: LotLu, facture: FactureLue) -> Iterator[tuple[str, str]]:
    partenaire = facture.entete["numero_partenaire"]
    if partenaire != lot.lot["numero_partenaire"]:
        yield "PARTENAIRE", "Le numéro de facturation n'est pas celui du lot."
    executants = {acte["executant"] for acte in facture.actes}
    if any(not luhn(executant) for executant in executants - {partenaire}):
        yield "CLE_EXECUTANT", "La clé du numéro d'un exécutant ne correspond pas."
    prescripteurs = {acte["prescripteur"] for acte in facture.actes if (acte["prescripteur"] or "").strip("0")}
    if any(not luhn(prescripteur) for prescripteur in prescripteurs):
        yield "CLE_PRESCRIPTEUR", "La clé du numéro d'un prescripteur ne correspond pas."


def _dates(facture: FactureLue, jour: date) -> Iterator[tuple[str, str]]:
    soins = [depuis_aammjj(acte["date_soins"], jour) for acte in facture.actes]
    if None in soins:
        yield "DATE_SOINS", "Une date de soins est absente ou impossible."
    connus = [date_soins for date_soins in soins if date_soins]
    if connus and max(connus) > jour:
        yield "DATE_SOINS", f"Des soins du {formater(max(connus))} sont à venir."
    if connus and _hors_delai(facture, max(connus), jour):
        yield "DELAI", f"Des soins du {formater(max(connus))} arrivent après le délai de transmission."


def _hors_delai(facture: FactureLue, derniers: date, jour: date) -> bool:
    """Working days since the last act, against the time allowed when the patient paid, or did not (CSS R161-47)."""
    paiement = "direct" if facture.paye_a_l_assure else "tiers_payant"
    regle = _tables().charger("delais").trouver(derniers, paiement=paiement)
    if regle is None:
        return False
    passes = (derniers + timedelta(n) for n in range(1, (jour - derniers).days + 1))
    ouvres = (j for j in passes if j.weekday() < _SAMEDI and j not in jours_feries(j.year))
    return next(islice(ouvres, regle["jours"], None), None) is not None


@lru_cache(maxsize=1)
def _tables() -> DossierTables:
    return DossierTables(ressource("teletransmission"))


def _montants(facture: FactureLue) -> Iterator[tuple[str, str]]:
    if not facture.honoraires:
        yield "MONTANT_NUL", "La facture ne demande rien."
    if facture.amo + facture.amc > facture.honoraires:
        yield "PARTS", "Les parts remboursées dépassent le montant de la facture."
