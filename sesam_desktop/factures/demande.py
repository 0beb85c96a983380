"""What is asked: who does the acts, for whom, prescribed by whom, and the lines (the JSON of the command line)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Jour = date  # a field named date hides the type in its own class


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
    option_tarifaire: str = ""     # optam or optam_aco, when the professional has joined it


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
    particularites: tuple[str, ...] = ()  # AME, ASPA, RENTE_AT … rows of the table ``particularites``


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
    renouvellements: int = 0       # how many times it may be dispensed again
    bizone: bool = False           # ordonnancier bizone: the upper zone holds what the ALD covers


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
    indicateur: str = ""           # indicateur de traitement of the card
    aiguillage: str = ""           # aiguillage STS of the card
    convention: str = ""           # row of the convention table that was applied
    debut: date | None = None      # rights of the contract
    fin: date | None = None


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """One line as asked. Which fields matter depends on `acte` (MEDICAMENT, LPP, CCAM, AMI, G…)."""

    acte: str
    quantite: int = 1
    date: Jour | None = None
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
    dents: tuple[str, ...] = ()
    accord: str = ""               # accord préalable: 0 no answer in time, 4 favourable, 5 urgent, 9 not subject
    accord_date: Jour | None = None
    motif_exoneration: str = ""    # row of the table ``motifs_exoneration`` (IST, STERILITE …)
    debut: Jour | None = None      # rental of an LPP article
    fin: Jour | None = None
    renouvellement: int = 0        # rank of this dispensing, 0 for the first one
    duree_jours: int = 0           # treatment dispensed, in days
    unites: int = 0                # units dispensed of an opened box of ``unites_boite`` units
    unites_boite: int = 0
    passage: int = 0               # visit of the day, 0 when the invoice does not tell visits apart
    deplacement_partage: bool = False  # the travel is billed to another patient under the same roof


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
    accident_numero: str = ""      # of the work accident, when nature_assurance is "at"
    accident_date: date | None = None
    maternite_date: date | None = None  # presumed beginning of the pregnancy, or delivery
