"""A return as values. Amounts are signed centimes; a date is None when the return leaves it empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..entites import Entete

PAYE, REJETE, DIFFERE, NON_TRAITE = "P", "R", "D", ""


@dataclass(frozen=True, slots=True)
class Rejet:
    """A reason of rejection or a remark. `niveau`: F invoice, L line, A detail. `part`: O AMO, C AMC."""

    code: str
    libelle: str
    niveau: str = "F"
    part: str = "O"
    ligne: int = 0
    nature: str = ""
    date_soins: date | None = None
    information: str = ""


@dataclass(frozen=True, slots=True)
class LigneRetour:
    """One act as the fund paid it (entities 210 and 220). Rate in percent, as on the wire."""

    ligne: int
    nature: str
    complement: str
    quantite: int
    base_centimes: int
    taux: int
    rembourse_centimes: int
    depense_centimes: int
    amc_centimes: int
    qualificatif: str
    date_soins: date | None


@dataclass(frozen=True, slots=True)
class FactureRetour:
    """One invoice of a return. `etat_*`: P paid, R rejected, D deferred, "" not treated."""

    numero: str
    lot: str = ""
    date_lot: date | None = None
    type: str = ""
    nature_assurance: str = ""
    date_paiement: date | None = None
    etat_amo: str = NON_TRAITE
    demande_amo: int = 0
    paye_amo: int = 0
    etat_amc: str = NON_TRAITE
    demande_amc: int = 0
    paye_amc: int = 0
    numero_amc: str = ""
    rejets: tuple[Rejet, ...] = ()
    signalements: tuple[Rejet, ...] = ()
    lignes: tuple[LigneRetour, ...] = ()


@dataclass(frozen=True, slots=True)
class Journee:
    """One accounting day or bank transfer (entities 070 and 071)."""

    date: date | None
    libelle: str = ""
    organisme: str = ""


@dataclass(frozen=True, slots=True)
class LotRetour:
    """A lot the return speaks of (entity 080)."""

    numero: str
    date: date | None


@dataclass(frozen=True, slots=True)
class Retenue:
    """A debt taken back, or given back (entity 250)."""

    reference: str
    nature: str
    montant_centimes: int
    solde_centimes: int
    date: date | None


@dataclass(frozen=True, slots=True)
class Forfait:
    """A lump payment that belongs to no invoice (entity 261)."""

    code: str
    montant_centimes: int


@dataclass(frozen=True, slots=True)
class RetourNoemie:
    """A whole return; `total_centimes` is what its last entity announces."""

    entete: Entete
    journees: tuple[Journee, ...]
    lots: tuple[LotRetour, ...]
    factures: tuple[FactureRetour, ...]
    retenues: tuple[Retenue, ...]
    forfaits: tuple[Forfait, ...]
    total_centimes: int

    @property
    def reference(self) -> str:
        return self.entete.reference
