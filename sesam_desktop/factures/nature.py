"""Nature of insurance proposed for an invoice, from the rights of its patient and from what its user declares.

A declared work accident, maternity or prevention is taken as told; the rules then say whether something goes before it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sesam_desktop.cartes.vitale import Periode
from sesam_desktop.droits import nature
from sesam_desktop.droits.nature import Contexte, Proposition
from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels.tables import SourceTables

from . import situation
from .actes import trouver_acte
from .facture import Facture, Patient

_EXAMEN_ENFANT, _BIOLOGIE = "examen_enfant", "nabm"
_ASSURE, _SEXE_MASCULIN = "0", "1"


def proposee(facture: Facture, tables: SourceTables, accidents: Collection[str] = ()) -> Proposition:
    """The nature that the rules give, and why; the one asked when nothing contradicts it.

    `accidents`: those the card declares. Whether this care comes from one is for a person to say: it is only offered.
    """
    proposition = _proposer(facture, tables)
    if accidents and proposition.nature == facture.nature_assurance == nature.MALADIE and not _est_detenu(facture):
        raison = "La carte déclare un accident du travail : prenez cette nature si les soins s'y rapportent."
        return Proposition(nature.AT, raison)
    return proposition


def _est_detenu(facture: Facture) -> bool:
    return situation.DETENU in situation.codes(facture.beneficiaire)


def _proposer(facture: Facture, tables: SourceTables) -> Proposition:
    codes, demandee = situation.codes(facture.beneficiaire), facture.nature_assurance
    genres, debut = _genres(facture, tables), facture.maternite_date
    pere = demandee == nature.MATERNITE and est_un_homme(facture.beneficiaire)
    return nature.proposer(Contexte(
        jour=facture.date_soins,
        detenu=_est_detenu(facture),
        ame=situation.AME in codes,
        accident=Periode() if demandee == nature.AT else None,
        soins_lies_accident=demandee == nature.AT,
        exoneration_maternite=Periode() if situation.MATERNITE in codes else None,
        debut_grossesse=debut if debut and debut <= facture.date_soins else None,
        soins_maternite=demandee == nature.MATERNITE and not pere,
        biologie_du_pere=pere and genres == {_BIOLOGIE},
        motif_prevention=demandee == nature.PREVENTION,
        examen_enfant=_EXAMEN_ENFANT in genres,
        naissance=_naissance(facture.beneficiaire),
    ))


def est_un_homme(patient: Patient) -> bool:
    """The number of the insured says the sex of the insured only."""
    numero = patient.nir_individuel or (patient.nir if patient.qualite == _ASSURE else "")
    return numero.startswith(_SEXE_MASCULIN)


def _genres(facture: Facture, tables: SourceTables) -> set[str]:
    lus = (trouver_acte(tables, ligne, ligne.date or facture.date_soins) for ligne in facture.lignes)
    return {acte["genre"] for acte in lus if acte is not None}


def _naissance(patient: Patient) -> date | None:
    """None for a birth date that cannot be read: another control tells it."""
    try:
        return dates.naissance_pour_age(patient.date_naissance)
    except ErreurConnue:
        return None
