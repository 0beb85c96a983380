"""The life of an invoice: which event may follow which, and the word shown for each state.

An event that moves the invoice has the name of the state it leads to; the others are notes that leave it where it is.
The state is derived from the events, in their order; nothing else decides it. The order of the normal path follows
the public circuit (lot, message, ARL, payment return); what is tolerated out of order is a choice of the project:
an ARL or a payment proves that the message had left, so they are accepted as soon as the invoice is in a lot.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sesam_desktop.noyau.erreurs import ErreurConnue

from .facture import Niveau

FSE, DRE = "FSE", "DRE"  # genres of documents


class Etat(StrEnum):
    COMPOSEE = "composee"
    TARIFEE = "tarifee"
    SIGNEE_VITALE = "signee_vitale"
    SIGNEE_PS = "signee_ps"
    ANNULEE = "annulee"
    EN_LOT = "en_lot"
    TRANSMISE = "transmise"
    ACQUITTEE = "acquittee"
    REFUSEE = "refusee"
    PAYEE_PARTIELLEMENT = "payee_partiellement"
    PAYEE = "payee"
    REJETEE = "rejetee"
    ANOMALIE = "anomalie"
    RECYCLEE = "recyclee"
    PAPIER = "papier"


E = Etat
_RETOURS = (E.PAYEE, E.PAYEE_PARTIELLEMENT, E.REJETEE, E.ANOMALIE)

_SUIVANTS: dict[Etat | None, tuple[Etat, ...]] = {
    None: (E.COMPOSEE,),
    E.COMPOSEE: (E.TARIFEE, E.ANNULEE),
    E.TARIFEE: (E.SIGNEE_VITALE, E.SIGNEE_PS, E.EN_LOT, E.ANNULEE, E.RECYCLEE, E.PAPIER),
    E.SIGNEE_VITALE: (E.SIGNEE_PS,),
    E.SIGNEE_PS: (E.EN_LOT, E.RECYCLEE, E.PAPIER),  # made again: a lot will not have it, or somebody saw the mistake
    E.EN_LOT: (E.TRANSMISE, E.ACQUITTEE, E.REFUSEE, *_RETOURS, E.PAPIER),
    E.TRANSMISE: (E.ACQUITTEE, E.REFUSEE, *_RETOURS, E.PAPIER),  # paper: its mail was given back by a server
    E.ACQUITTEE: _RETOURS,
    E.REFUSEE: (E.EN_LOT, E.RECYCLEE, E.PAPIER),
    E.PAYEE_PARTIELLEMENT: (E.PAYEE, E.PAYEE_PARTIELLEMENT, E.REJETEE, E.ANOMALIE, E.RECYCLEE),
    E.ANOMALIE: (E.PAYEE, E.PAYEE_PARTIELLEMENT, E.REJETEE, E.RECYCLEE),
    E.PAYEE: (E.PAYEE_PARTIELLEMENT, E.REJETEE, E.ANOMALIE),  # a fund may take back what it paid
    E.REJETEE: (E.PAYEE, E.PAYEE_PARTIELLEMENT, E.ANOMALIE, E.RECYCLEE, E.PAPIER),  # and pay what it had rejected
    E.PAPIER: _RETOURS,  # what a fund answers to a sheet it received on paper
}

# A DRE may be given up before it leaves, and cancelled or corrected once its insurer has it, even paid: a choice of the
# project, as only the names of these operations are published.
_SUIVANTS_DRE: dict[Etat | None, tuple[Etat, ...]] = _SUIVANTS | {
    E.SIGNEE_PS: (E.EN_LOT, E.ANNULEE),
    **{
        etat: tuple(dict.fromkeys((*_SUIVANTS.get(etat, ()), E.ANNULEE, E.RECYCLEE)))
        for etat in (
            E.EN_LOT, E.TRANSMISE, E.ACQUITTEE, E.REFUSEE, E.PAYEE, E.PAYEE_PARTIELLEMENT, E.ANOMALIE, E.REJETEE,
        )
    },
}
_SUIVANTS_PAR_GENRE = {FSE: _SUIVANTS, DRE: _SUIVANTS_DRE}
_NOMS = {FSE: "Une facture", DRE: "Une demande à la complémentaire"}

NOTES = frozenset({"demande_amc", "duplicata", "piece_jointe", "rejet_a_tort", "relance", "signalement"})
EVENEMENTS = frozenset(Etat) | NOTES

A_METTRE_EN_LOT = (E.TARIFEE, E.SIGNEE_PS)  # a kept invoice that is only priced is one that no card secures

A_FAIRE, EN_COURS, FAIT, A_CORRIGER, BLOQUE = "à faire", "en cours", "fait", "à corriger", "bloqué"

MOTS: dict[Etat, str] = {
    E.COMPOSEE: EN_COURS,
    E.TARIFEE: A_FAIRE,
    E.SIGNEE_VITALE: EN_COURS,
    E.SIGNEE_PS: A_FAIRE,
    E.ANNULEE: FAIT,
    E.EN_LOT: EN_COURS,
    E.TRANSMISE: EN_COURS,
    E.ACQUITTEE: EN_COURS,
    E.REFUSEE: BLOQUE,
    E.PAYEE_PARTIELLEMENT: EN_COURS,
    E.PAYEE: FAIT,
    E.REJETEE: A_CORRIGER,
    E.ANOMALIE: A_CORRIGER,
    E.RECYCLEE: FAIT,
    E.PAPIER: EN_COURS,
}

LIBELLES: dict[Etat, str] = {
    E.COMPOSEE: "Composée",
    E.TARIFEE: "À mettre en lot",
    E.SIGNEE_VITALE: "Signée par la Vitale",
    E.SIGNEE_PS: "Signée, à mettre en lot",
    E.ANNULEE: "Annulée",
    E.EN_LOT: "Dans un lot",
    E.TRANSMISE: "Transmise",
    E.ACQUITTEE: "Reçue par la caisse",
    E.REFUSEE: "Lot refusé",
    E.PAYEE_PARTIELLEMENT: "Payée en partie",
    E.PAYEE: "Payée",
    E.REJETEE: "Rejetée",
    E.ANOMALIE: "Montant payé différent",
    E.RECYCLEE: "Refaite",
    E.PAPIER: "Envoyée sur papier",
}

LIBELLES_DRE = LIBELLES | {E.ACQUITTEE: "Reçue par la complémentaire", E.RECYCLEE: "Rectifiée"}

_SIGNATURES: dict[Niveau, tuple[Etat, ...]] = {
    Niveau.SECURISEE: (E.SIGNEE_VITALE, E.SIGNEE_PS),
    Niveau.SANS_VITALE: (E.SIGNEE_PS,),
    Niveau.DEGRADEE: (E.SIGNEE_PS,),
    Niveau.NON_SECURISEE: (),
}


def naissance(niveau: Niveau) -> tuple[Etat, ...]:
    """The events an invoice has lived when it is kept for the first time."""
    return (E.COMPOSEE, E.TARIFEE, *_SIGNATURES[niveau])


def suite(etat: str | None, evenement: str, genre: str = FSE) -> Etat | None:
    """State after `evenement`, None when it may not come now."""
    depart = Etat(etat) if etat is not None else None
    if evenement in NOTES:
        return depart
    return Etat(evenement) if evenement in _SUIVANTS_PAR_GENRE[genre].get(depart, ()) else None


def etat_apres(etat: str | None, evenement: str, genre: str = FSE) -> Etat:
    """State after `evenement`. Raises TRANSITION_INTERDITE, changing nothing, when it may not come now."""
    if (apres := suite(etat, evenement, genre)) is not None:
        return apres
    ici = f"« {LIBELLES[Etat(etat)]} »" if etat is not None else "nouvelle"
    raise ErreurConnue(
        f"{_NOMS[genre]} {ici} ne peut pas recevoir l'événement « {evenement} ».",
        code="TRANSITION_INTERDITE", action="Consultez l'historique de la facture.",
    )


def etat_de(evenements: Iterable[str], genre: str = FSE) -> Etat | None:
    """State derived from a whole history, None for an empty one."""
    etat: Etat | None = None
    for evenement in evenements:
        etat = etat_apres(etat, evenement, genre)
    return etat
