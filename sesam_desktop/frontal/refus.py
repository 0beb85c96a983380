"""Why a lot is refused: the code and label that go into the ARL−."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from sesam_desktop.noyau.erreurs import ErreurConnue


class Motif(StrEnum):
    """Codes of the project's ARL− (no official list is public)."""

    ENTETE = "ENT"          # structure of the message, of the file, of a record
    SIGNATURE = "SIG"
    LOT = "LOT"             # lot or invoice already received
    COMPTES = "CPT"         # counters and totals
    DESTINATAIRE = "DST"
    CHIFFREMENT = "CHF"
    NORME = "NRM"


class Refus(ErreurConnue):
    """A lot that cannot be accepted. `ligne` is the record at fault, from 1; 0 when it is the whole file.

    `facture` is the number of the one invoice at fault: without it, the rest of the lot may be good.
    """

    def __init__(self, motif: Motif, message: str, ligne: int = 0, facture: str = "") -> None:
        super().__init__(message, code=motif.value)
        self.motif, self.ligne, self.facture = motif, ligne, facture


Signaler = Callable[[Refus], None]
"""Told of each invoice at fault: raises, or notes it so that the rest of the lot is read too."""


def refuser(refus: Refus) -> None:
    """The judgement of a lot received: one invoice at fault condemns it."""
    raise refus
