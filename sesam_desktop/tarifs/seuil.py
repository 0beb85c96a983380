"""Threshold of the heavy acts, and the flat share of the insured that goes with it.

An act of 120 € or more (CCAM), or of coefficient 60 or more (NGAP), is exempt; acts of one day by one professional add
up where their field 25, or the module that quotes them (K), says so. Once a day, the flat share comes off the AMO part
of the dearest act so exempted. Acts of another invoice of the same day are not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sesam_desktop.factures.facture import Facture, Regle
from sesam_desktop.factures.situation import FRONTALIER, REGIME_LOCAL
from sesam_desktop.noyau.montants import Centimes, formater
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, regle
from .cotation import Cotation
from .decision import Decision
from .taux import CCAM_EXONERANT, SEUIL

NGAP = "K"             # adds up with the others of the day
NGAP_SEUL = "K_SEUL"   # a coefficient whose module says nothing counts alone
COEFFICIENT_ELEVE = "1"
_DENTAIRE = "dentaire"
_PRIS_EN_CHARGE = {"R": "par le régime", "L": "par le régime local"}


@dataclass(frozen=True, slots=True)
class Participation:
    """`montant`: what the AMO does not pay; zero when a régime takes it over."""

    montant: Centimes
    regle: Regle


def exonerations(cotations: Sequence[Cotation], tables: Consultation) -> list[str]:
    """For each line, in the same order: C, 1, or nothing."""
    trouvees = [""] * len(cotations)
    jours: dict[date, list[int]] = {}
    for rang, c in enumerate(cotations):
        if c.base and _regles(c, tables):
            jours.setdefault(c.jour, []).append(rang)
    for jour, rangs in jours.items():
        for rang in _exoneres(jour, {rang: cotations[rang] for rang in rangs}, tables):
            trouvees[rang] = CCAM_EXONERANT if _est_ccam(cotations[rang]) else COEFFICIENT_ELEVE
    return trouvees


def _regles(c: Cotation, tables: Consultation) -> tuple[str, ...]:
    """How the threshold looks at a line: treatments of its field 25, or its NGAP coefficient."""
    if c.seuil is None:
        return (NGAP_SEUL,) if c.coefficient > 1 and _a_un_coefficient(c, tables) else ()
    if c.seuil.regle == NGAP:
        return (NGAP,)
    codes = [code for code in c.seuil.regle.split("-") if code]
    return tuple(tables.lire("champ_25", c.jour, c.champ, code=code)["traitement"] for code in codes)


def _est_ccam(c: Cotation) -> bool:
    return c.seuil is not None and c.seuil.regle != NGAP


def _a_un_coefficient(c: Cotation, tables: Consultation) -> bool:
    acte = tables.trouver("actes", c.jour, code=c.acte)
    return acte is not None and acte["coefficient"]


def _exoneres(jour: date, lignes: dict[int, Cotation], tables: Consultation) -> set[int]:
    """Rows of the day that reach a threshold, alone or together."""
    montant = tables.lire("seuils", jour, code="ACTE_MONTANT")["valeur"]
    coefficient = tables.lire("seuils", jour, code="ACTE_COEFFICIENT")["valeur"]
    par_regle: dict[str, list[int]] = {}
    for rang, c in lignes.items():
        for nom in _regles(c, tables):
            par_regle.setdefault(nom, []).append(rang)
    trouves = {r for r in par_regle.get("seul", ()) if _assiette(lignes[r]) >= montant}
    trouves |= {r for r in par_regle.get(NGAP_SEUL, ()) if lignes[r].coefficient >= coefficient}
    cumules, ngap = par_regle.get("somme", []), par_regle.get(NGAP, [])
    if sum(_assiette(lignes[r]) for r in cumules) >= montant:
        trouves.update(cumules)
    if sum((lignes[r].coefficient * lignes[r].quantite for r in ngap), Decimal(0)) >= coefficient:
        trouves.update(ngap)
    return trouves


def _assiette(c: Cotation) -> Centimes:
    return c.seuil.assiette if c.seuil is not None else c.base


def participations(
    cotations: Sequence[Cotation], decisions: Sequence[Decision], facture: Facture, particularites: Sequence[Ligne],
    tables: Consultation,
) -> dict[int, Participation]:
    """The flat share, at most one a day, by rank of the line that bears it."""
    if any(c.nature == _DENTAIRE for c in cotations) or not all(p["participation"] for p in particularites):
        return {}
    choisis: dict[date, int] = {}
    for rang, (c, decision) in enumerate(zip(cotations, decisions, strict=True)):
        if decision.regle.code != SEUIL or not (c.seuil is None or c.seuil.participation):
            continue
        if c.jour not in choisis or _cherte(c) > _cherte(cotations[choisis[c.jour]]):
            choisis[c.jour] = rang
    if not choisis:
        return {}
    lettre = _lettre(facture, particularites, tables)
    return {rang: _participation(cotations[rang], lettre, tables) for rang in choisis.values()}


def _cherte(c: Cotation) -> tuple[Centimes, str, str, bool]:
    """Dearest first; acts of one price are told apart, so that the order of the lines decides nothing."""
    return c.base, c.acte, c.detail, c.ald


def _lettre(facture: Facture, particularites: Sequence[Ligne], tables: Consultation) -> str:
    """R or L when the régime or the régime local pays it, A when somebody else does (VF683)."""
    if any(ligne["code"] in (REGIME_LOCAL, FRONTALIER) for ligne in particularites):
        return "L"
    regimes = tables.contexte.tables.charger("regimes")
    return regimes.a_la_date(facture.date_soins, code=facture.beneficiaire.regime)["participation"] or "A"


def _participation(c: Cotation, lettre: str, tables: Consultation) -> Participation:
    ligne = tables.lire("seuils", c.jour, code="PARTICIPATION")
    montant = min(int(ligne["valeur"]), c.base)
    code = f"PARTICIPATION_{lettre}"
    if qui := _PRIS_EN_CHARGE.get(lettre):
        texte = f"Participation de {formater(montant, unite='€')} prise en charge {qui}."
        return Participation(0, regle(code, texte, ligne, "amo"))
    texte = f"Participation de l'assuré sur l'acte le plus cher du jour : {formater(montant, unite='€')} en moins."
    return Participation(montant, regle(code, texte, ligne, "amo"))
