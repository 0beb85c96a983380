"""NGAP article 11B: in one session the highest coefficient is full, the second half, the others are not billed.

Equal coefficients are told apart by their amount (an AMI before an AIS). A nurse declares an exception in the field
``code`` of the line (table ``natures_soins``): acts of one group (perfusion, AIS with its heavy dressing…) count
together as one act; a blood sample makes two acts full; some AMX are full whatever stands beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from sesam_desktop.factures.facture import Regle
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, refuser, regle
from .cotation import Demande

SEANCE = "seance"
PLEIN = 0  # place of an act that article 11B does not reduce


@dataclass(frozen=True, slots=True)
class Rang:
    """The part of its coefficient at which an act is billed, and why."""

    demande: Demande
    facteur: Decimal
    regle: Regle | None


@dataclass(frozen=True, slots=True)
class _Groupe:
    """Acts that count as one. `nature`: the declared exception, of its first act."""

    actes: tuple[Demande, ...]
    montant: Decimal
    nature: Ligne | None

    @property
    def coefficient(self) -> Decimal:
        return sum((d.saisie.coefficient for d in self.actes), Decimal(0))

    @property
    def plein(self) -> bool:
        """An AMX that stays full beside any other act."""
        return self.nature is not None and self.nature["plein_amx"] and self.actes[0].saisie.acte == "AMX"

    @property
    def double(self) -> bool:
        """An act that makes two acts of the session full, itself and the best of the others."""
        return self.nature is not None and self.nature["deux_actes"] and self.actes[0].saisie.acte != "AMX"


def ranger(actes: list[Demande], montant: Callable[[Demande], Decimal], tables: Consultation) -> list[Rang]:
    """`actes` of one session, highest coefficient first. The order they were asked in does not matter."""
    ordonnes = sorted(actes, key=lambda d: _cle(d, montant(d)))
    groupes = _groupes(ordonnes, montant, tables)
    seul = len(ordonnes) == 1
    rangs = zip(groupes, _places(groupes, tables), strict=True)
    return [rang for groupe, place in rangs for rang in _rangs(groupe, place, tables, seul=seul)]


def signaler_non_facture(demande: Demande, tables: Consultation) -> None:
    """Warn that an act is left out. Its overrun cannot be billed without it."""
    if demande.saisie.depassement_centimes:
        raise refuser(
            "DEPASSEMENT_SANS_ACTE", "L'article 11B retire cet acte : son dépassement ne peut pas être facturé.",
            f"{demande.champ}.depassement_centimes",
        )
    tables.avertir(
        "ACTE_NON_FACTURE", f"{demande.saisie.acte} n'est pas facturé : troisième acte de la séance (article 11B).",
        demande.champ,
    )


def _cle(demande: Demande, montant: Decimal) -> tuple:
    """Every field that reaches an amount: two acts that tie here are the same act."""
    saisie = demande.saisie
    return (
        -saisie.coefficient, -montant, not saisie.ald, saisie.acte, saisie.code, not saisie.domicile,
        -saisie.depassement_centimes, -saisie.quantite, saisie.complement, saisie.qualificatif or "",
        saisie.motif_exoneration,
    )


def _groupes(
    ordonnes: list[Demande], montant: Callable[[Demande], Decimal], tables: Consultation
) -> list[_Groupe]:
    """Acts put together by their declared exception, highest coefficient first."""
    seance = any(d.saisie.acte == "AIS" for d in ordonnes)
    reunis: dict[str, list[Demande]] = {}
    for rang, demande in enumerate(ordonnes):
        nom = _nom_du_groupe(demande, seance, tables)
        if nom == SEANCE and demande.saisie.acte != "AIS" and any(d.saisie.acte != "AIS" for d in reunis.get(nom, [])):
            nom = ""
        reunis.setdefault(nom or f"acte {rang}", []).append(demande)
    groupes = [
        _Groupe(tuple(suite), sum((montant(d) for d in suite), Decimal(0)), _nature(suite[0], tables))
        for suite in reunis.values()
    ]
    return sorted(groupes, key=lambda groupe: (-groupe.coefficient, -groupe.montant))


def _nature(demande: Demande, tables: Consultation) -> Ligne | None:
    """The exception a nurse declared on this act; elsewhere the field tells something else."""
    if demande.genre != "acte" or not demande.saisie.code:
        return None
    return tables.lire("natures_soins", demande.jour, f"{demande.champ}.code", code=demande.saisie.code)


def _nom_du_groupe(demande: Demande, seance: bool, tables: Consultation) -> str:
    """Name of the group of this act, empty when it counts alone."""
    if demande.saisie.acte == "AIS":
        return SEANCE
    nature = _nature(demande, tables)
    if nature is None or (nature["groupe"] == SEANCE and not seance):
        return ""
    return nature["groupe"]


def _places(groupes: list[_Groupe], tables: Consultation) -> list[int]:
    """Place of each group in article 11B, PLEIN for what it does not reduce; full AMX hold one place together."""
    if (double := next((rang for rang, groupe in enumerate(groupes) if groupe.double), None)) is not None:
        return _places_a_deux(groupes, double, tables)
    places, libre = [], 1
    for groupe in groupes:
        places.append(PLEIN if groupe.plein else libre)
        libre = max(libre, 2) if groupe.plein else libre + 1
    return places


def _places_a_deux(groupes: list[_Groupe], double: int, tables: Consultation) -> list[int]:
    """The exception for two full acts, unless the ordinary rule gives the nurse more."""
    autre = 1 if double == 0 else 0
    if autre == len(groupes):
        return [1]
    moitie = tables.lire("article_11b", groupes[0].actes[0].jour, rang="2")["facteur"]
    ordinaire = groupes[0].montant + groupes[1].montant * moitie
    if groupes[double].montant + groupes[autre].montant < ordinaire:
        return list(range(1, len(groupes) + 1))
    return [PLEIN if rang == double else 1 if rang == autre else 3 for rang in range(len(groupes))]


def _rangs(groupe: _Groupe, place: int, tables: Consultation, *, seul: bool) -> list[Rang]:
    if place == PLEIN and groupe.nature is not None:
        texte = f"Dérogation à l'article 11B, à taux plein : {groupe.nature['libelle']}."
        return [Rang(demande, Decimal(1), regle("DEROGATION_11B", texte, groupe.nature)) for demande in groupe.actes]
    ligne = tables.lire("article_11b", groupe.actes[0].jour, rang=str(place))
    explication = None if seul else regle("ARTICLE_11B", _texte(groupe, place, ligne), ligne)
    return [Rang(demande, ligne["facteur"], explication) for demande in groupe.actes]


def _texte(groupe: _Groupe, place: int, ligne: Ligne) -> str:
    ordre = "1er" if place == 1 else f"{place}e"
    quoi = f"{ordre} acte de la séance" if len(groupe.actes) == 1 else f"{ordre} groupe d'actes cumulables de la séance"
    return f"Article 11B, {quoi} : {ligne['libelle']}."
