"""NGAP article 11B: in one session the highest coefficient is full, the second half, the others are not billed.

Equal coefficients are told apart by their amount (an AMI before an AIS).

Acts declared as one group (perfusion, diabète, séance AIS with its heavy dressing) count together as one act.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from sesam_desktop.factures.facture import Regle
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, regle
from .cotation import Demande

SEANCE = "seance"


@dataclass(frozen=True, slots=True)
class Rang:
    """The part of its coefficient at which an act is billed, and why."""

    demande: Demande
    facteur: Decimal
    regle: Regle | None


def ranger(actes: list[Demande], montant: Callable[[Demande], Decimal], tables: Consultation) -> list[Rang]:
    """`actes` of one session, highest coefficient first. The order they were asked in does not matter."""
    ordonnes = sorted(actes, key=lambda d: _cle(d, montant(d)))
    groupes = _groupes(ordonnes, tables)
    groupes.sort(key=lambda groupe: (-sum(d.saisie.coefficient for d in groupe), -sum(montant(d) for d in groupe)))
    return [rang for numero, groupe in enumerate(groupes, 1) for rang in _rangs(groupe, numero, len(groupes), tables)]


def _cle(demande: Demande, montant: Decimal) -> tuple:
    """Every field that reaches an amount: two acts that tie here are the same act."""
    saisie = demande.saisie
    return (
        -saisie.coefficient, -montant, not saisie.ald, saisie.acte, saisie.code, not saisie.domicile,
        -saisie.depassement_centimes, -saisie.quantite, saisie.complement, saisie.qualificatif or "",
    )


def _groupes(ordonnes: list[Demande], tables: Consultation) -> list[list[Demande]]:
    seance = any(d.saisie.acte == "AIS" for d in ordonnes)
    groupes: dict[str, list[Demande]] = {}
    for rang, demande in enumerate(ordonnes):
        nom = _groupe(demande, seance, tables)
        if nom == SEANCE and demande.saisie.acte != "AIS" and any(d.saisie.acte != "AIS" for d in groupes.get(nom, [])):
            nom = ""
        groupes.setdefault(nom or f"acte {rang}", []).append(demande)
    return list(groupes.values())


def _groupe(demande: Demande, seance: bool, tables: Consultation) -> str:
    """Name of the group of this act, empty when it counts alone."""
    if demande.saisie.acte == "AIS":
        return SEANCE
    if not demande.saisie.code:
        return ""
    nature = tables.lire("natures_soins", demande.jour, f"{demande.champ}.code", code=demande.saisie.code)
    return nature["groupe"] if nature["groupe"] != SEANCE or seance else ""


def _rangs(groupe: list[Demande], numero: int, combien: int, tables: Consultation) -> list[Rang]:
    ligne = tables.lire("article_11b", groupe[0].jour, rang=str(numero))
    explication = regle("ARTICLE_11B", _texte(groupe, numero, ligne), ligne) if combien > 1 or len(groupe) > 1 else None
    return [Rang(demande, ligne["facteur"], explication) for demande in groupe]


def _texte(groupe: list[Demande], numero: int, ligne: Ligne) -> str:
    ordre = "1er" if numero == 1 else f"{numero}e"
    quoi = f"{ordre} acte de la séance" if len(groupe) == 1 else f"{ordre} groupe d'actes cumulables de la séance"
    return f"Article 11B, {quoi} : {ligne['libelle']}."
