"""The check module run on a lot before it leaves: the frontal's own judgement, of a file still in clear.

A lot accepted here is accepted by the frontal, which runs the same code on what it decrypts; what a fund knows and the
workstation does not (lots and invoices received before) stays its own. Where the frontal stops at the first fault, this
goes on, so that every invoice at fault is named and can be set apart. Warnings are what a fund takes and signals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sesam_desktop.flux.enveloppe import Enveloppe
from sesam_desktop.flux.message import Adressage
from sesam_desktop.noyau.erreurs import FormatInvalide

from . import controle, retour_noemie, vraisemblance
from .lot_lu import LotLu
from .refus import Motif, Refus
from .scenario import Scenario
from .signatures import Verificateur

_TOUT_PAYE = Scenario("tout_paye", "")


class Etat(StrEnum):
    """What may become of the lot."""

    ACCEPTE = "accepte"
    AVERTISSEMENT = "avertissement"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Remarque:
    """One thing to say. `facture` is "" when it is about the whole lot; `code` is the ARL's when `bloquante`."""

    facture: str
    code: str
    phrase: str
    bloquante: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Remarks in the order of the file, those that block first."""

    remarques: tuple[Remarque, ...] = ()

    @property
    def etat(self) -> Etat:
        if any(remarque.bloquante for remarque in self.remarques):
            return Etat.REFUSE
        return Etat.AVERTISSEMENT if self.remarques else Etat.ACCEPTE

    @property
    def fautives(self) -> tuple[str, ...]:
        """Invoices to set apart for the rest to be accepted; empty when the lot itself is at fault."""
        return tuple(dict.fromkeys(r.facture for r in self.remarques if r.bloquante and r.facture))


def controler(
    contenu: bytes,
    jour: date,
    securite: Enveloppe | None = None,
    adressage: Adressage | None = None,
    autorite: bytes | None = None,
    *,
    a_signer: bool = False,
) -> Verdict:
    """Judge the clear B2 file of one lot, as on `jour`. What is None is not judged.

    `a_signer`: the invoices are signed and described in `securite`, the lot not yet.
    `autorite`: the DER certificate that cards must come from; None admits any, their signatures being verified.
    """
    fautes: list[Refus] = []
    verificateur = Verificateur(autorite)
    try:
        lot = controle.juger(contenu, adressage, securite, verificateur, fautes.append, a_signer=a_signer)
        fautes += _sans_retour_possible(lot, jour)
    except Refus as refus:
        fautes.append(refus)
        return Verdict(tuple(_bloquante(faute) for faute in fautes))
    doutes = (Remarque(d.facture, d.code, d.phrase, bloquante=False) for d in vraisemblance.doutes(lot, jour))
    return Verdict((*(_bloquante(faute) for faute in fautes), *doutes))


def _sans_retour_possible(lot: LotLu, jour: date) -> Iterator[Refus]:
    """Values that B2 can write and NOEMIE cannot: the frontal could not answer, and names the invoices when it can."""
    faute = _faute_de_retour(lot, jour)
    if faute is None:
        return
    fautives = [f for f in lot.factures if _faute_de_retour(replace(lot, factures=(f,)), jour)]
    for facture in fautives:
        yield Refus(faute.motif, faute.message, facture.rang, facture.numero)
    if not fautives:
        yield faute


def _faute_de_retour(lot: LotLu, jour: date) -> Refus | None:
    try:
        retour_noemie.composer(lot, _TOUT_PAYE, jour)
    except FormatInvalide as erreur:
        return Refus(Motif.ENTETE, f"Aucun retour ne peut être écrit : zone « {erreur.zone} ».")
    return None


def _bloquante(refus: Refus) -> Remarque:
    return Remarque(refus.facture, refus.motif.value, refus.message, bloquante=True)
