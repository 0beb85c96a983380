"""What a Vitale card says, as values: the insured, the beneficiaries and their rights (SSV groups 101–111).

Dates other than birth dates are ``date | None`` (None: absent on the card, meaning "open" for an end date).
Birth dates stay text ``AAAAMMJJ``: they may be lunar. Field order and values: SSV "Lire Droits Vitale" groups.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Periode:
    """Closed interval of days; None on a side means unbounded."""

    debut: date | None = None
    fin: date | None = None

    def contient(self, jour: date) -> bool:
        """True when `jour` is inside, bounds included."""
        return (self.debut is None or self.debut <= jour) and (self.fin is None or jour <= self.fin)


@dataclass(frozen=True, slots=True)
class Assure:
    """Group 101: who owns the rights, and the fund that manages them."""

    nir: str = ""
    cle: str = ""
    regime: str = ""
    caisse: str = ""
    centre: str = ""
    code_gestion: str = ""


@dataclass(frozen=True, slots=True)
class ServiceAmo:
    """Service AMO (family or beneficiary): 00 none, 01/02/03 C2S by AMO / by delegation / by AMC, 10 leaving."""

    code: str = "00"
    debut: date | None = None
    fin: date | None = None


@dataclass(frozen=True, slots=True)
class AccidentTravail:
    """One triple of group 103."""

    organisme: str
    code_bgdh: str
    identifiant: str


@dataclass(frozen=True, slots=True)
class Couverture:
    """Group 106: ALD digit and four-digit situation over a period."""

    debut: date | None
    fin: date | None
    ald: str
    situation: str

    @property
    def periode(self) -> Periode:
        return Periode(self.debut, self.fin)


@dataclass(frozen=True, slots=True)
class Mutuelle:
    """Groups 107 and 108."""

    identification: str
    garanties: str
    indicateur: str
    type_services: str = ""
    services: str = ""
    aiguillage_sts: str = ""
    droits: tuple[Periode, ...] = ()


@dataclass(frozen=True, slots=True)
class Amc:
    """Group 109: complementary insurer."""

    numero_b2: str
    numero_edi: str
    adherent: str
    indicateur: str
    debut: date | None
    fin: date | None
    routage: str = ""
    hote: str = ""
    domaine: str = ""
    aiguillage_sts: str = ""
    type_services: str = ""
    services: str = ""


@dataclass(frozen=True, slots=True)
class Beneficiaire:
    """Groups 104–111 of one person covered by the card."""

    nom_usuel: str
    nom_patronymique: str
    prenom: str
    adresse: tuple[str, ...] = ("", "", "", "", "")
    nir_certifie: str = ""
    cle: str = ""
    date_certification: date | None = None
    date_naissance: str = ""
    rang: int = 1
    qualite: str = "0"
    service_amo: ServiceAmo = field(default_factory=ServiceAmo)
    droits: tuple[Periode, ...] = ()
    couvertures: tuple[Couverture, ...] = ()
    mutuelle: Mutuelle | None = None
    amc: Amc | None = None
    zone_commune: str = ""

    def complementaire(self, jour: date) -> Mutuelle | Amc | None:
        """What completes the AMO at `jour`; a mutuelle without any period has no limit, but gives way to an AMC in
        force, which says since when."""
        mutuelle, amc = self.mutuelle, self.amc
        if mutuelle is not None and any(periode.contient(jour) for periode in mutuelle.droits):
            return mutuelle
        if amc is not None and Periode(amc.debut, amc.fin).contient(jour):
            return amc
        return mutuelle if mutuelle is not None and not mutuelle.droits else None


@dataclass(frozen=True, slots=True)
class GroupeInconnu:
    """A group that this program does not know, kept as it was read. `beneficiaire`: rank of the one it follows."""

    id: int
    champs: tuple[bytes, ...]
    beneficiaire: int | None = None


@dataclass(frozen=True, slots=True)
class CarteVitale:
    """A whole card. `droits_lus` is False when only the public part of the chip could be read (identity and NIR).

    `inconnus` holds what a later generation of cards may carry: told to people, never interpreted.
    """

    type: str
    numero_serie: str
    fin_validite: date | None
    assure: Assure
    beneficiaires: tuple[Beneficiaire, ...]
    service_famille: ServiceAmo | None = None
    at: tuple[AccidentTravail, ...] = ()
    droits_lus: bool = True
    inconnus: tuple[GroupeInconnu, ...] = ()

    def expiree(self, jour: date) -> bool:
        """True after the last day of validity; a card that gives none does not expire."""
        return self.fin_validite is not None and self.fin_validite < jour
