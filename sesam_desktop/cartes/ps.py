"""What a professional's card (CPS, CPF, CPE, CPA) says, as values: SSV groups 1 and 2."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identification:
    """National identification: type 0 ADELI … 8 RPPS, number, key."""

    type: str
    numero: str
    cle: str


@dataclass(frozen=True, slots=True)
class Structure:
    """Where the professional works: type 0 ADELI-rang, 1 FINESS, 2 SIREN, 3 SIRET."""

    type: str = ""
    numero: str = ""
    cle: str = ""
    raison_sociale: str = ""


@dataclass(frozen=True, slots=True)
class Remplacant:
    """Fields 11 and 12: the number of this professional as a stand-in, when the billing number is another's."""

    numero: str
    cle: str


@dataclass(frozen=True, slots=True)
class Situation:
    """Group 2: one situation de facturation. `rang` is its logical number on this card, not its place in a list."""

    rang: int
    mode_exercice: str
    statut: str
    secteur: str
    structure: Structure
    numero_facturation: str
    cle: str
    convention: str
    specialite: str
    zone_tarifaire: str
    zone_ik: str
    agrements: tuple[str, str, str] = ("", "", "")
    remplacant: Remplacant | None = None
    signe_facture: bool = False
    signe_lot: bool = False


@dataclass(frozen=True, slots=True)
class CartePS:
    """Groups 1 and 2. `situations` is empty when they could not be read (no code porteur given).

    `inconnus` holds groups of a later generation as (number, fields): told to people, never interpreted.
    """

    type_carte: str
    identification: Identification
    civilite: str
    nom: str
    prenom: str
    situations: tuple[Situation, ...] = ()
    numero_serie: str = ""
    inconnus: tuple[tuple[int, tuple[bytes, ...]], ...] = ()
