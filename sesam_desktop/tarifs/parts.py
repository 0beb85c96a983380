"""What the AMO, then the complementary insurer pay of one line."""

from __future__ import annotations

from dataclasses import dataclass

from sesam_desktop.factures.facture import Regle
from sesam_desktop.noyau.montants import Centimes

from .cotation import Cotation
from .decision import Decision


@dataclass(frozen=True, slots=True)
class PartAmo:
    """`ticket`: base less the base at its rate; `penalite` and `participation` are taken off the AMO part besides."""

    cotation: Cotation
    decision: Decision
    montant: Centimes
    ticket: Centimes
    penalite: Centimes = 0
    participation: Centimes = 0
    regles: tuple[Regle, ...] = ()


@dataclass(frozen=True, slots=True)
class PartAmc:
    """What the complementary insurer pays of one line, and why."""

    montant: Centimes = 0
    regles: tuple[Regle, ...] = ()
