"""What « Et si ? » supposes: the few things that change who pays, set on a copy of the invoice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sesam_desktop.factures.facture import Facture, OrganismeAmc, TiersPayant
from sesam_desktop.tarifs.comparaison import a_la_date


@dataclass(frozen=True)
class Hypothese:
    """`ald`: of every line, None to leave each as it is. `amc`: the insurer used when `tiers_amc` says so."""

    jour: date
    ald: bool | None
    c2s: bool
    regime_local: bool
    parcours: str
    option: str
    nature: str
    tiers_amc: bool
    particularites: tuple[str, ...]
    amc: OrganismeAmc | None = None

    def appliquer(self, facture: Facture, depart: Hypothese) -> Facture:
        """The invoice as it would be asked; what is as in `depart` stays as it is."""
        supposee = a_la_date(facture, self.jour) if self.jour != depart.jour else facture
        if self.ald is not None and self.ald != depart.ald:
            supposee = replace(supposee, lignes=tuple(replace(li, ald=self.ald) for li in supposee.lignes))
        if self.option != depart.option:
            supposee = replace(supposee, executant=replace(supposee.executant, option_tarifaire=self.option))
        if self.tiers_amc != depart.tiers_amc:
            tiers = TiersPayant(facture.tiers_payant.amo, self.tiers_amc)
            supposee = replace(supposee, tiers_payant=tiers, amc=self.amc if self.tiers_amc else None)
        patient = replace(
            supposee.beneficiaire, c2s=self.c2s, regime_local=self.regime_local, particularites=self.particularites
        )
        return replace(supposee, beneficiaire=patient, parcours=self.parcours, nature_assurance=self.nature)


def hypothese_de(facture: Facture, amc: OrganismeAmc | None) -> Hypothese:
    """The one that changes nothing. `amc`: the insurer that the patient has, used or not."""
    alds = {ligne.ald for ligne in facture.lignes}
    patient = facture.beneficiaire
    return Hypothese(
        facture.date_soins, alds.pop() if len(alds) == 1 else None, patient.c2s, patient.regime_local,
        facture.parcours, facture.executant.option_tarifaire, facture.nature_assurance, facture.tiers_payant.amc,
        patient.particularites, facture.amc or amc,
    )
