"""Why a lot is refused: the code and label that go into the ARL−."""

from __future__ import annotations

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
    """A lot that cannot be accepted. `ligne` is the record at fault, from 1; 0 when it is the whole file."""

    def __init__(self, motif: Motif, message: str, ligne: int = 0) -> None:
        super().__init__(message, code=motif.value)
        self.motif, self.ligne = motif, ligne
