"""What becomes of a DRE that is given up, or that a new invoice corrects. Pure; rules of the project.

Only the names are published (initial, cancellation, correction, synchronisation of DRE and FSE). What an insurer does
not hold is simply given up here; what it holds, or may hold, is cancelled or corrected by another DRE that names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sesam_desktop.noyau.erreurs import EntreeInvalide

from . import amc
from .cycle import Etat
from .dre import DemandeAmc, NatureDre, Remplacee
from .enregistrements_dre import organisme_de
from .facture import FactureTarifee, Niveau

_SANS_RECTIFICATION = re.compile("[1-9]2")  # group 107 writes 02 with another meaning
FINIES = (Etat.ANNULEE, Etat.RECYCLEE)


class Suite(StrEnum):
    """What is to be done of the DRE of an invoice that is made again."""

    RIEN = "rien"                    # there is none in force and nothing is asked
    INITIALE = "initiale"            # none in force: a first one
    ABANDON = "abandon"              # given up, its insurer does not hold it
    REPRISE = "reprise"              # given up, and a new initial one takes its place
    ANNULATION = "annulation"        # its insurer holds it and nothing is asked any more
    RECTIFICATIVE = "rectificative"  # its insurer holds it and something else is asked


@dataclass(frozen=True, slots=True)
class EnVigueur:
    """The DRE that stands. `tenue`: the one its insurer holds, itself or one it was to correct; None when none is."""

    demande: DemandeAmc
    tenue: DemandeAmc | None = None
    lot: str = ""
    date_lot: date | None = None

    @property
    def abandonnee(self) -> str:
        """Its number when it never left, "" when its insurer holds it."""
        return "" if self.tenue and self.tenue.numero == self.demande.numero else self.demande.numero


def suite(ancienne: EnVigueur | None, *, a_demander: bool) -> Suite:
    """`a_demander`: something is asked to an insurer from now on."""
    if ancienne is None:
        return Suite.INITIALE if a_demander else Suite.RIEN
    if ancienne.tenue is None:
        return Suite.REPRISE if a_demander else Suite.ABANDON
    return Suite.RECTIFICATIVE if a_demander else Suite.ANNULATION


def demandes(
    ancienne: EnVigueur | None, part: FactureTarifee | None, numero: Callable[[], str], jour: date
) -> tuple[DemandeAmc, ...]:
    """The DRE to sign so that `part` is what is asked.

    Another insurer, or one that takes no corrections: a cancellation, then an initial one.
    """
    if ancienne is None or ancienne.tenue is None:
        return (_initiale(part, numero(), jour),) if part else ()
    if part is not None and _meme_organisme(ancienne.tenue, part) and _admet_rectification(ancienne.tenue):
        corrigee = DemandeAmc(numero(), NatureDre.RECTIFICATIVE, jour, part, part.niveau, _nommee(ancienne))
        return (corrigee,)
    retrait = _annulation(ancienne.tenue, _nommee(ancienne), numero(), jour)
    return (retrait, _initiale(part, numero(), jour)) if part else (retrait,)


def exiger_en_vigueur(situee: EnVigueur, etat: Etat) -> None:
    """Raise DRE_CLOSE for one cancelled or corrected before, and for a cancellation, unless nobody holds anything."""
    annulation = situee.demande.nature is NatureDre.ANNULATION
    if etat in FINIES or (annulation and situee.tenue is not None):
        raise close(situee.demande.numero)


def close(numero: str) -> EntreeInvalide:
    """The refusal of one that nothing more may be done of."""
    return EntreeInvalide(
        f"La demande {numero} n'est plus en vigueur : elle ne peut être ni annulée ni rectifiée.",
        code="DRE_CLOSE", action="Consultez son historique.",
    )


def sans_patient(niveau: Niveau) -> Niveau:
    """Level of a DRE made once the patient has gone: the professional signs alone what both had signed."""
    return Niveau.SANS_VITALE if niveau is Niveau.SECURISEE else niveau


def _initiale(part: FactureTarifee, numero: str, jour: date) -> DemandeAmc:
    return DemandeAmc(numero, NatureDre.INITIALE, jour, part, part.niveau)


def _annulation(tenue: DemandeAmc, remplacee: Remplacee, numero: str, jour: date) -> DemandeAmc:
    """The amounts of the one it takes back."""
    return DemandeAmc(numero, NatureDre.ANNULATION, jour, tenue.facture, sans_patient(tenue.niveau), remplacee)


def _nommee(ancienne: EnVigueur) -> Remplacee:
    tenue = ancienne.tenue or ancienne.demande
    return Remplacee(tenue.numero, ancienne.lot, ancienne.date_lot)


def _meme_organisme(demande: DemandeAmc, part: FactureTarifee) -> bool:
    organisme = part.demande.amc
    return organisme is not None and amc.normaliser(organisme.numero) == amc.normaliser(organisme_de(demande).numero)


def _admet_rectification(demande: DemandeAmc) -> bool:
    """False when the card of the insured says so: units digit 2 of the indicateur de traitement (SSV group 109)."""
    return _SANS_RECTIFICATION.fullmatch(organisme_de(demande).indicateur) is None
