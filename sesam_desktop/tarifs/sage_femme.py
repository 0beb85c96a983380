"""Acts of sages-femmes in SF and SP: article 11B inside a day, then the kilometres of the visit.

Their consultations, visits and supplements are quoted with those of doctors.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sesam_desktop.factures.facture import Facture

from .article_11b import Rang, ranger, signaler_non_facture
from .contexte import Consultation
from .cotation import Cotation, Demande, regle_de_prix
from .kilometres_medicaux import indemnite

MODULE = "sage_femme"
_CENTIEME = Decimal("0.01")  # a coefficient is written with two decimals in B2


def coter(facture: Facture, toutes: list[Demande], tables: Consultation) -> list[Cotation]:
    """Lines of one day are one session, highest coefficient first."""
    par_jour: dict[date, list[Demande]] = {}
    for demande in toutes:
        if demande.module == MODULE:
            par_jour.setdefault(demande.jour, []).append(demande)
    return [c for jour in sorted(par_jour) for c in _seance(par_jour[jour], tables)]


def _seance(actes: list[Demande], tables: Consultation) -> list[Cotation]:
    ranges = [d for d in actes if d.remboursable]
    rangs = ranger(ranges, lambda d: _valeur(d, tables), tables) if ranges else []
    rangs += [Rang(d, Decimal(1), None) for d in actes if not d.remboursable]
    return [c for rang in rangs for c in _lignes(rang, tables)]


def _valeur(demande: Demande, tables: Consultation) -> Decimal:
    return tables.prix(demande.saisie.acte, demande.jour, f"{demande.champ}.acte")["prix"] * demande.saisie.coefficient


def _lignes(rang: Rang, tables: Consultation) -> list[Cotation]:
    """The act and its kilometres; these are due even when article 11B leaves the act out."""
    demande, saisie, acte = rang.demande, rang.demande.saisie, rang.demande.acte
    prix = tables.prix(saisie.acte, demande.jour, f"{demande.champ}.acte")
    cotation = Cotation(
        acte=saisie.acte, libelle=acte["libelle"], nature=acte["nature"], jour=demande.jour, rang=demande.rang,
        prix=prix["prix"], quantite=saisie.quantite,
        coefficient=(saisie.coefficient * rang.facteur).quantize(_CENTIEME, ROUND_HALF_UP),
        depassement=saisie.depassement_centimes, ald=saisie.ald, qualificatif=saisie.qualificatif or "",
        motif=saisie.motif_exoneration,
    )
    kilometres = indemnite(cotation, demande, tables)
    if not rang.facteur:
        signaler_non_facture(demande, tables)
        return kilometres
    tarif = regle_de_prix(saisie.acte, prix, saisie.quantite, cotation.coefficient, cotation.tarif)
    return [cotation.plus(tarif, *([rang.regle] if rang.regle else [])), *kilometres]
