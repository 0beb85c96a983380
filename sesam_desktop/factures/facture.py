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


class Niveau(StrEnum):
    """How an invoice is secured (letters of the SNDS lot types)."""

    SECURISEE = "S"      # CPS and Vitale
    SANS_VITALE = "V"    # SESAM sans Vitale
    DEGRADEE = "D"       # CPS only, paper sheet or SCOR besides
    NON_SECURISEE = "N"  # no card


@dataclass(frozen=True, slots=True)
class Executant:
    """Who did the act, and the number it is paid under. `situation`: logical number on their card.

    `remplacant`: number and key of a stand-in (SSV group 1150), whose acts are billed under another's number.
    """

    profession: str                # pharmacien, infirmier, medecin, …
    specialite: str
    convention: str = "1"
    zone_tarifaire: str = ""
    zone_ik: str = ""
    departement: str = ""
    numero_facturation: str = ""   # 8 characters, key apart
    cle: str = ""
    rpps: str = ""
    nom: str = ""
    prenom: str = ""
    structure: str = ""
    raison_sociale: str = ""
    situation: int = 1
    remplacant: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """The beneficiary, with the rights used for this invoice."""

    nir: str                       # of the insured
    date_naissance: str            # AAAAMMJJ, maybe lunar
    rang: int = 1
    qualite: str = "0"
    regime: str = "01"
    caisse: str = ""
    centre: str = "0000"
    cle: str = ""
    nom: str = ""
    prenom: str = ""
    nir_individuel: str = ""
    cle_individuelle: str = ""
    code_gestion: str = ""
    ald: str = "0"
    situation: str = "0100"
    c2s: bool = False
    regime_local: bool = False
    medecin_traitant_declare: bool = False
    numero_serie_vitale: str = ""
    droits_ouverts: bool = True    # as the card or the rights service said for the date of care
    droits_fin: date | None = None


@dataclass(frozen=True, slots=True)
class Prescription:
    """Who prescribed, when. `prescripteur` is an RPPS (11) or an AM number (9)."""

    date: date
    prescripteur: str = ""
    specialite: str = ""
    origine: str = ""              # T, O, P, S
    nom: str = ""
    prenom: str = ""
    condition: str = "L"


@dataclass(frozen=True, slots=True)
class TiersPayant:
    amo: bool = True
    amc: bool = False


@dataclass(frozen=True, slots=True)
class OrganismeAmc:
    """Complementary insurer used on this invoice."""

    numero: str
    adherent: str = ""
    type_contrat: str = ""
    formule: str = ""
    domaine: str = ""
    gestion: str = "unique"        # or "separee": the AMC part is billed apart, its B2 amounts are zero


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """One line as asked. Which fields matter depends on `acte` (MEDICAMENT, LPP, CCAM, AMI, G…)."""

    acte: str
    quantite: int = 1
    date: date | None = None
    coefficient: Decimal = Decimal(1)
    code: str = ""                 # LPP or CCAM code
    cip13: str = ""
    complement: str = ""           # N, F, U …
    ald: bool = False
    domicile: bool = False
    ik_km: int = 0
    substitution: str | None = None
    prix_centimes: int | None = None
    depassement_centimes: int = 0
    montant_facture_centimes: int | None = None
    qualificatif: str | None = None
    activite: str = ""
    phase: str = ""
    modificateurs: tuple[str, ...] = ()
    association: str | None = None


@dataclass(frozen=True, slots=True)
class Facture:
    """What is to be billed: one patient, one professional, one prescription, one nature of insurance."""

    date_soins: date
    executant: Executant
    beneficiaire: Patient
    lignes: tuple[LigneSaisie, ...]
    nature_assurance: str = "maladie"
    parcours: str = ""
    prescription: Prescription | None = None
    tiers_payant: TiersPayant = TiersPayant()
    amc: OrganismeAmc | None = None


@dataclass(frozen=True, slots=True)
class Regle:
    """One rule that took part in an amount: stable code, French sentence, source, version of its table."""

    code: str
    texte: str
    source: str
    version: str


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
