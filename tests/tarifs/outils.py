"""Builds invoices for the pricing tests, and a small table of medicines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sesam_desktop.factures.facture import (
    Executant,
    Facture,
    LigneSaisie,
    OrganismeAmc,
    Patient,
    Prescription,
    TiersPayant,
)
from sesam_desktop.referentiels import tables
from sesam_desktop.tarifs.contexte import Contexte

JOUR = date(2026, 3, 2)
EXECUTANTS = {
    "pharmacien": Executant("pharmacien", "50", departement="72"),
    "infirmier": Executant("infirmier", "24", zone_ik="1", departement="72"),
    "medecin": Executant("medecin", "01", departement="72"),
}
PATIENT = Patient(nir="1801975000001", date_naissance="19800101")


@dataclass(frozen=True)
class Boite:
    cip13: str
    taux: int | None = None
    prix_centimes: int | None = None
    honoraire_centimes: int | None = None
    hors_periode: bool = False
    libelle: str = "BOITE D'ESSAI"
    version: str = "2026-07-24"

    @property
    def remboursable(self) -> bool:
        return self.taux is not None


@dataclass
class Boites:
    """Double of the medicines table."""

    connues: dict[str, Boite] = field(default_factory=dict)

    def par_cip13(self, cip13: str, jour: date) -> Boite | None:
        return self.connues.get(cip13)


def boites(description: dict[str, dict[str, Any]]) -> Boites:
    return Boites({
        cip: Boite(cip, b.get("taux"), b.get("prix"), b.get("honoraire"), b.get("hors_periode", False))
        for cip, b in description.items()
    })


def contexte(medicaments: Boites | None = None, **km: Any) -> Contexte:
    return Contexte(tables, medicaments or Boites(), **km)


def ligne(**champs: Any) -> LigneSaisie:
    """A line; a CIP13 alone makes it a medicine."""
    if "cip13" in champs:
        champs.setdefault("acte", "MEDICAMENT")
    return LigneSaisie(**champs)


def facture(metier: str, lignes: list[LigneSaisie], jour: date = JOUR, **champs: Any) -> Facture:
    """An invoice of the day with a prescription of the same day. `executant` and `patient` hold what differs."""
    executant = replace(EXECUTANTS[metier], **champs.pop("executant", {}))
    patient = replace(PATIENT, **champs.pop("patient", {}))
    champs.setdefault("prescription", Prescription(jour, "10001234565", "01"))
    if "tiers_payant" in champs:
        champs["tiers_payant"] = TiersPayant(**champs["tiers_payant"])
    if champs.get("amc"):
        champs["amc"] = OrganismeAmc(**champs["amc"])
    return Facture(jour, executant, patient, tuple(lignes), **champs)
