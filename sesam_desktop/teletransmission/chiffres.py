"""The figures of a period as values: parts and their rates, delays, causes, months, pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sesam_desktop.flux.causes import Cause
from sesam_desktop.noyau.montants import Taux, arrondir


@dataclass(frozen=True, slots=True)
class Part:
    """So many among so many."""

    nombre: int
    total: int

    @property
    def taux(self) -> Taux | None:
        """Hundredths of a percent, half up; None of nothing."""
        return arrondir(self.nombre * 10_000, self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class Delai:
    """Days, for one fund or for all (`fonds` empty)."""

    fonds: str
    nombre: int
    mediane: int
    neuf_sur_dix: int


@dataclass(frozen=True, slots=True)
class CauseRejet:
    """Rejected documents whose first motive is this one. `libelle`: words of the fund, `cause` what they mean."""

    cause: Cause
    code: str
    libelle: str
    nombre: int
    montant_centimes: int


@dataclass(frozen=True, slots=True)
class Mois:
    """Documents of one month of care (``AAAA-MM``); `rejets`: over what was answered. `demande`: what the professional
    should receive, sent or not; `reste`: what of it has not come, rejected invoices not yet made again included."""

    mois: str
    par_niveau: Mapping[str, int]
    demande_centimes: int
    paye_centimes: int
    reste_centimes: int
    rejets: Part

    def du_niveau(self, niveau: str) -> Part:
        """Invoices of this level."""
        return Part(self.par_niveau.get(niveau, 0), sum(self.par_niveau.values()))


@dataclass(frozen=True, slots=True)
class Pieces:
    """SCOR: invoices that want a piece and have one, then pieces by what became of them; dpi 0 when there is none."""

    jointes: Part
    en_attente: int
    emises: int
    acceptees: int
    refusees: int
    dpi_minimum: int
    dpi_median: int


@dataclass(frozen=True, slots=True)
class Indicateurs:
    """`par_niveau` is over the invoices; `rejets` and `lots_refuses` over what was answered."""

    debut: date
    fin: date
    par_niveau: Mapping[str, Part]
    envoi: tuple[Delai, ...]
    paiement: tuple[Delai, ...]
    rejets: Part
    rejete_centimes: int
    causes: tuple[CauseRejet, ...]
    mois: tuple[Mois, ...]
    lots_refuses: Part
    codes_arl: tuple[tuple[str, int], ...]
    pieces: Pieces
