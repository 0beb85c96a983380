"""What a return says beside invoices: transfers, lots, money taken back or given without invoice, words.

Same conventions as `valeurs`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .personne import PERSONNE, Personne


@dataclass(frozen=True, slots=True)
class Organisme:
    """A complementary body (010): seven digits and their key."""

    numero_amc: str
    cle: str


@dataclass(frozen=True, slots=True)
class Journee:
    """One accounting day (070) or bank transfer (071, `virement` true). `organisme` is who pays."""

    date: date | None
    libelle: str = ""
    organisme: str = ""
    virement: bool = False
    mandataire: str = ""
    destinataire_reglement: str = ""
    amc: str = ""


@dataclass(frozen=True, slots=True)
class LotRetour:
    """A lot the return speaks of (entity 080)."""

    numero: str
    date: date | None


@dataclass(frozen=True, slots=True)
class Retenue:
    """A debt taken back, or given back (entity 250). `facture`: the invoice it follows, "" when it stands alone."""

    reference: str
    nature: str
    montant_centimes: int
    solde_centimes: int
    date: date | None
    recuperation: str = ""
    numero_ligne: int = 0
    facture: str = ""
    virement: int | None = None
    organisme_payeur: str = ""
    type_retour: str = ""
    destinataire_reglement: str = ""
    ligne: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class DetailForfait:
    """What a lump payment is made of (entity 262). `periode`: A, S, T, M, H or P as on the wire."""

    code: str
    libelle: str
    montant_centimes: int
    periode: str = ""
    debut: date | None = None
    assure: Personne = PERSONNE


@dataclass(frozen=True, slots=True)
class Forfait:
    """A lump payment that belongs to no invoice (entity 261), and its details."""

    code: str
    montant_centimes: int
    details: tuple[DetailForfait, ...] = ()
    virement: int | None = None
    organisme_payeur: str = ""
    type_retour: str = ""
    destinataire_reglement: str = ""
    ligne: int = field(default=0, compare=False)

    @property
    def libelle(self) -> str:
        """The words of its details, each once."""
        return " ; ".join(dict.fromkeys(d.libelle for d in self.details if d.libelle))


@dataclass(frozen=True, slots=True)
class Commentaire:
    """Free words of the fund (entity 295)."""

    texte: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Archivage:
    """Filing number of the fund (entity 160) that belongs to no invoice."""

    numero: str


@dataclass(frozen=True, slots=True)
class EntiteInconnue:
    """An entity the tables do not describe, as it stands in the file; `facture`: the invoice it was found in."""

    code: str
    octets: bytes
    ligne: int
    facture: str = ""
