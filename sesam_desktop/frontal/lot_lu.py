"""A file of one lot as the frontal has read it: records, invoices, lot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_REGLE_A_L_ASSURE = "01"


@dataclass(frozen=True, slots=True)
class Ligne:
    """One record: type, zones, rank in the file."""

    type: str
    zones: dict[str, Any]
    rang: int
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FactureLue:
    """One invoice: its records in order, its sums as recomputed here, its place in the file (from 0)."""

    lignes: tuple[Ligne, ...]
    honoraires: int
    amo: int
    amc: int
    place: int

    @property
    def entete(self) -> dict[str, Any]:
        return self.lignes[0].zones

    @property
    def numero(self) -> str:
        return self.entete["numero_facture"]

    @property
    def rang(self) -> int:
        """Of its first record."""
        return self.lignes[0].rang

    @property
    def supplement_dre(self) -> dict[str, Any]:
        """Zones of record 2D; only a DRE has them."""
        return self.lignes[2].zones

    @property
    def paye_a_l_assure(self) -> bool:
        """The patient paid everything: the fund owes nothing to the professional."""
        return self.lignes[1].zones["destinataire_reglement"] == _REGLE_A_L_ASSURE

    @property
    def niveau(self) -> str:
        return self.lignes[-1].zones["niveau"]

    @property
    def actes(self) -> tuple[dict[str, Any], ...]:
        """Zones of the type 4 records."""
        return tuple(ligne.zones for ligne in self.lignes if ligne.type == "4")

    @property
    def octets(self) -> bytes:
        """What the cards signed: the clear records, from the 2 to the last 5."""
        return b"".join(ligne.octets for ligne in self.lignes)


@dataclass(frozen=True, slots=True)
class LotLu:
    """A file of one lot, read and found coherent."""

    entete: dict[str, Any]
    lot: dict[str, Any]
    factures: tuple[FactureLue, ...]
    empreinte: str                 # SHA-256 of the clear file
    nombre: int                    # of invoices in the file: more than `factures` when some were left out

    @property
    def dre(self) -> bool:
        """A file of DRE, for an insurer or an OCT."""
        return self.entete["norme"] == "DRE"

    @property
    def type_organisme(self) -> str:
        return self.entete["type_destinataire"]

    @property
    def amc(self) -> str:
        """Number of the insurer, of its centre or of the OCT, ten digits."""
        return self.entete["numero_destinataire"][4:]

    @property
    def regime(self) -> str:
        return self.entete["numero_destinataire"][6:8]

    @property
    def centre_informatique(self) -> str:
        return self.entete["numero_destinataire"][8:11]

    @property
    def organisme(self) -> str:
        return self.entete["numero_destinataire"][11:14]
