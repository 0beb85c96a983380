"""Running totals of an invoice, a lot and a file, compared with what records 5, 5S, 6 and 999 announce."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_GRATUIT = "G"
Zones = Mapping[str, Any]
LIGNES_PAR_FACTURE = 999
USAGE_LOT, USAGE_FICHIER = 950, 990
"""Records that a sender in production never exceeds in a lot and in a file: its practice, not the norm."""


@dataclass(frozen=True, slots=True)
class Ecart:
    """One thing that does not match, not yet placed in the file."""

    zone: str
    code: str
    message: str
    avertissement: bool = False


def _comparer(zones: Zones, attendus: Mapping[str, int], code: str) -> Iterator[Ecart]:
    for zone, attendu in attendus.items():
        annonce = zones[zone] or 0
        if annonce != attendu:
            yield Ecart(zone, code, f"Le total annoncé est {annonce}, le total recalculé {attendu}.")


def _usage(zone: str, quoi: str, enregistrements: int, usage: int) -> Iterator[Ecart]:
    if enregistrements > usage:
        message = f"Ce {quoi} compte {enregistrements} enregistrements ; l'usage est de ne pas dépasser {usage}."
        yield Ecart(zone, "LIMITE", message, avertissement=True)


@dataclass
class CumulsFacture:
    """Sums of the lines of one invoice. `entete` is its record 2."""

    entete: Zones
    lignes: int = 0
    complements: int = 0
    base_3: int = 0
    amo_3: int = 0
    amc_3: int = 0
    depense_3: int = 0
    amo_4: int = 0
    amc_4: int = 0
    honoraires_4: int = 0

    @property
    def depense(self) -> int:
        return self.depense_3 + self.honoraires_4

    @property
    def amo(self) -> int:
        return self.amo_3 + self.amo_4

    @property
    def amc(self) -> int:
        return self.amc_3 + self.amc_4

    def ajouter(self, type_: str, zones: Zones) -> Iterator[Ecart]:
        """Count one 3x or 4x record; a line whose parts exceed its amount is told."""
        if type_ == "3":
            self.base_3 += zones["base"]
            self.amo_3 += zones["montant_amo"]
            self.amc_3 += zones["montant_amc"] or 0
            self.depense_3 += zones["depense"]
            yield from self._parts(zones, zones["depense"])
        elif type_ == "4":
            self.amo_4 += zones["montant_amo"]
            self.amc_4 += zones["montant_amc"] or 0
            self.honoraires_4 += zones["honoraires"]
            yield from self._parts(zones, zones["honoraires"])
        self.lignes += type_ in ("3", "4")
        self.complements += type_[0] in "34" and type_ not in ("3", "4")

    def _parts(self, zones: Zones, montant: int) -> Iterator[Ecart]:
        if zones["qualificatif"] == _GRATUIT and montant:
            yield Ecart("qualificatif", "GRATUIT", "Un acte gratuit ne peut pas avoir de montant.")
        if zones["montant_amo"] + (zones["montant_amc"] or 0) > montant:
            yield Ecart("montant_amo", "PARTS", "Les parts remboursées dépassent le montant de la ligne.")
        if self.entete["eclatement"] == "F" and zones["montant_amc"]:
            yield Ecart("montant_amc", "ECLATEMENT", "La part complémentaire d'un flux éclaté doit être nulle.")

    def ecarts_5(self, zones: Zones) -> Iterator[Ecart]:
        """Differences with the end-of-invoice record."""
        if not 0 < self.lignes <= LIGNES_PAR_FACTURE:
            message = f"Une facture compte de 1 à {LIGNES_PAR_FACTURE} lignes ; celle-ci en a {self.lignes}."
            yield Ecart("nombre_enregistrements", "LIMITE", message)
        attendus = {
            "nombre_enregistrements": self.lignes + self.complements,
            "total_base_3": self.base_3,
            "total_amo_3": self.amo_3,
            "total_honoraires_4": self.honoraires_4,
            "total_amo_4": self.amo_4,
            "participation_assure": self.depense - self.amo,
            "total_amc_3": self.amc_3,
            "total_amc_4": self.amc_4,
            "total_depense_3": self.depense_3,
        }
        yield from _comparer(zones, attendus, "TOTAL_FACTURE")

    def ecarts_5s(self, zones: Zones) -> Iterator[Ecart]:
        """Differences with the project's supplement."""
        attendus = {
            "total_honoraires": self.depense,
            "total_amo": self.amo,
            "total_amc": self.amc,
            "reste_assure": self.depense - self.amo - self.amc,
        }
        yield from _comparer(zones, attendus, "TOTAL_FACTURE")


@dataclass
class CumulsLot:
    """Sums of the invoices of one lot. `entete` is its record 1."""

    entete: Zones
    enregistrements: int = 1
    factures: int = 0
    lignes: int = 0
    montants: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("depense", "amo", "amc"), 0))

    def ajouter(self, facture: CumulsFacture) -> None:
        """Count one closed invoice."""
        self.factures += 1
        self.lignes += facture.lignes
        for part in self.montants:
            self.montants[part] += getattr(facture, part)

    def ecarts(self, zones: Zones) -> Iterator[Ecart]:
        """Differences with the end-of-lot record."""
        attendus = {
            "nombre_factures": self.factures,
            "nombre_lignes": self.lignes,
            "nombre_factures_2": self.factures,
            "nombre_factures_3": self.factures,
            "total_honoraires": self.montants["depense"],
            "total_amo": self.montants["amo"],
        }
        if "total_amc" in zones:  # the establishment norm gives no meaning to its third amount
            attendus["total_amc"] = self.montants["amc"]
        yield from _comparer(zones, attendus, "TOTAL_LOT")
        yield from _usage("numero_lot", "lot", self.enregistrements, USAGE_LOT)
        if zones["numero_lot"] != self.entete["numero_lot"]:
            yield Ecart("numero_lot", "RUPTURE", "Le numéro de lot n'est pas celui de l'en-tête de lot.")


@dataclass
class CumulsFichier:
    """Counters of the whole file."""

    enregistrements: int = 0
    lots: int = 0

    def ecarts(self, zones: Zones, entete: Zones) -> Iterator[Ecart]:
        """Differences between record 999, the counters and record 000."""
        attendus = {"nombre_enregistrements": self.enregistrements, "nombre_lots": self.lots}
        yield from _comparer(zones, attendus, "TOTAL_FICHIER")
        yield from _usage("nombre_enregistrements", "fichier", self.enregistrements, USAGE_FICHIER)
        for zone in ("numero_emetteur", "numero_destinataire", "identification_fichier"):
            if entete and entete[zone] != zones[zone]:
                yield Ecart(zone, "RUPTURE", "La fin de fichier ne rappelle pas l'en-tête.")
