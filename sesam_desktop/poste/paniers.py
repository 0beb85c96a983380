"""What the demonstration bills: the data of `resources/demonstration/paniers.toml` made into invoices."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sesam_desktop.factures.facture import (
    Executant,
    Facture,
    LigneSaisie,
    Niveau,
    OrganismeAmc,
    Patient,
    Prescription,
    TiersPayant,
)
from sesam_desktop.noyau.ressources import ressource

from .complementaires import de_la_carte, sous_convention

if TYPE_CHECKING:
    from sesam_desktop.cartes.vitale import Beneficiaire


@dataclass(frozen=True, slots=True)
class Panier:
    """One basket: which cards, what is billed, how it is secured."""

    ps: str
    vitale: str
    beneficiaire: int
    niveau: Niveau
    parcours: str
    tiers_payant_amc: bool
    prescripteur: dict[str, str] | None
    lignes: tuple[dict[str, Any], ...]
    complementaire: dict[str, str] | None = None  # insurer of a paper attestation, in place of the card's

    def facture(self, executant: Executant, patient: Patient, porteur: Beneficiaire, jour: date) -> Facture:
        """This basket asked by `executant` for `patient` on `jour`."""
        return Facture(
            date_soins=jour,
            executant=executant,
            beneficiaire=patient,
            lignes=tuple(_ligne(ligne) for ligne in self.lignes),
            parcours=self.parcours,
            prescription=self._prescription(jour),
            tiers_payant=TiersPayant(amo=True, amc=self.tiers_payant_amc),
            amc=self._amc(porteur, executant, jour),
        )

    def _amc(self, porteur: Beneficiaire, executant: Executant, jour: date) -> OrganismeAmc | None:
        """The insurer of the attestation, else the mutuelle of the card or its other insurer, when asked to pay."""
        if self.tiers_payant_amc and self.complementaire:
            numero, adherent = self.complementaire["numero"], self.complementaire["adherent"]
            return sous_convention(OrganismeAmc(numero, adherent=adherent), jour, executant.profession)
        complementaire = porteur.mutuelle or porteur.amc
        if not self.tiers_payant_amc or complementaire is None:
            return None
        return de_la_carte(complementaire, jour, executant.profession)

    def _prescription(self, jour: date) -> Prescription | None:
        if self.prescripteur is None:
            return None
        p = self.prescripteur
        return Prescription(
            date=jour, prescripteur=p["numero"], specialite=p["specialite"], origine=p["origine"], nom=p["nom"],
            prenom=p["prenom"],
        )


@lru_cache(maxsize=1)
def paniers() -> tuple[Panier, ...]:
    """Every basket, in the order of the file."""
    donnees = tomllib.loads(ressource("demonstration", "paniers.toml").read_text(encoding="utf-8"))
    return tuple(
        Panier(
            ps=p["ps"],
            vitale=p["vitale"],
            beneficiaire=p.get("beneficiaire", 0),
            niveau=Niveau(p.get("niveau", "S")),
            parcours=p.get("parcours", ""),
            tiers_payant_amc=p.get("tiers_payant_amc", False),
            prescripteur=p.get("prescripteur"),
            lignes=tuple(p["lignes"]),
            complementaire=p.get("complementaire"),
        )
        for p in donnees["panier"]
    )


def repartir(nombre: int) -> list[Panier]:
    """`nombre` baskets, all kinds in turn, those of one professional together."""
    tous = paniers()
    choisis = [tous[i % len(tous)] for i in range(nombre)]
    ordre = {ps: rang for rang, ps in enumerate(dict.fromkeys(p.ps for p in tous))}
    return sorted(choisis, key=lambda p: ordre[p.ps])


def _ligne(donnees: dict[str, Any]) -> LigneSaisie:
    lus = dict(donnees)
    coefficient = Decimal(lus.pop("coefficient", "1"))
    return LigneSaisie(coefficient=coefficient, **lus)
