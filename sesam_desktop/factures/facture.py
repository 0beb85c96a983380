"""The invoice as values. Immutable: a correction is a new invoice that points at the old one.

`Facture` is what is asked (the JSON of the command line contract), `Tarification` what the engine answers,
`FactureTarifee` both under a number, `FactureSecurisee` the same once signed: the document that is kept for ever.
Money is integer centimes, rates are hundredths of a percent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from .demande import Executant, Facture, LigneSaisie, OrganismeAmc, Patient, Prescription, TiersPayant

__all__ = (
    "Alerte", "Destinataire", "Executant", "Facture", "FactureSecurisee", "FactureTarifee", "LigneSaisie",
    "LigneTarifee", "Niveau", "OrganismeAmc", "Patient", "Prescription", "Regle", "Signature", "Tarification",
    "TiersPayant", "Totaux",
)
OPTIONS_TARIFAIRES = ("", "optam", "optam_aco")


class Niveau(StrEnum):
    """How an invoice is secured (letters of the SNDS lot types)."""

    SECURISEE = "S"      # CPS and Vitale
    SANS_VITALE = "V"    # SESAM sans Vitale
    DEGRADEE = "D"       # CPS only, paper sheet or SCOR besides
    NON_SECURISEE = "N"  # no card


@dataclass(frozen=True, slots=True)
class Regle:
    """One rule that took part in an amount: stable code, French sentence, source, version of its table.

    `sur`: the amount it explains: ``base``, ``taux``, ``amo``, ``amc``, ``assure``, ``depassement``. `a_confirmer`: no
    published source stands behind its value.
    """

    code: str
    texte: str
    source: str
    version: str
    sur: str = ""
    a_confirmer: bool = False


@dataclass(frozen=True, slots=True)
class LigneTarifee:
    """One priced line. montant = base-or-price × quantity as charged; amo + amc + assure = montant."""

    acte: str                      # prestation code: PH7, HD7, AMI, G …
    libelle: str
    quantite: int
    coefficient: Decimal
    prix_unitaire_centimes: int
    montant_centimes: int
    base_centimes: int
    taux: int
    exoneration: str
    amo_centimes: int
    amc_centimes: int
    assure_centimes: int
    depassement_centimes: int
    regles: tuple[Regle, ...]
    date: date
    saisie: int                    # index in Facture.lignes of the line that brought it
    detail: str = ""               # CIP13, LPP or CCAM code
    complement: str = ""
    qualificatif: str = ""
    participation_centimes: int = 0  # flat share of the insured on an exempted heavy act, taken off the AMO part


@dataclass(frozen=True, slots=True)
class Totaux:
    facture_centimes: int
    base_centimes: int
    amo_centimes: int
    amc_centimes: int
    assure_centimes: int


@dataclass(frozen=True, slots=True)
class Alerte:
    """A remark of the controls. gravite: ``bloquante`` or ``avertissement``; champ: path like ``lignes[2].cip13``."""

    code: str
    gravite: str
    message: str
    champ: str = ""


@dataclass(frozen=True, slots=True)
class Tarification:
    lignes: tuple[LigneTarifee, ...]
    totaux: Totaux
    alertes: tuple[Alerte, ...] = ()


@dataclass(frozen=True, slots=True)
class Destinataire:
    """Where the invoice goes, as the TOD answers."""

    regime: str
    caisse: str
    centre: str
    organisme: str
    centre_informatique: str
    adresse: str
    libelle: str = ""


@dataclass(frozen=True, slots=True)
class FactureTarifee:
    """A priced invoice under its number (9 digits), for its destinataire."""

    numero: str
    elaboree_le: date
    demande: Facture
    tarification: Tarification
    destinataire: Destinataire
    niveau: Niveau
    situation_ps: int = 1
    remplace: str = ""             # number of the invoice this one corrects
    numero_flux: str = ""          # number on the wire when it is not `numero`: a correction sent under the old one

    @property
    def numero_transmis(self) -> str:
        """The number that the fund knows."""
        return self.numero_flux or self.numero


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature over the invoice's canonical bytes (its clear B2 records)."""

    porteur: str                   # "vitale" or "ps"
    algorithme: str                # "RSA-PKCS1v15-SHA256"
    valeur: bytes
    certificat: bytes              # DER
    signe_le: datetime


@dataclass(frozen=True, slots=True)
class FactureSecurisee:
    """The document that is kept. `empreinte` is the SHA-256 (hex) of the canonical bytes."""

    facture: FactureTarifee
    empreinte: str
    signatures: tuple[Signature, ...]
