"""The tour: patients this professional has treated lately, and who bears the travel where several live together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.factures.facture import Facture, Patient
    from sesam_desktop.tarifs.tournee import Visite

    from .poste import Poste

RECENTES = 300   # invoices looked at, the newest first


def dernieres_visites(poste: Poste) -> list[Facture]:
    """The last invoice of each patient by the professional whose card is in (by this trade without a card), by name."""
    from sesam_desktop.factures.depot import Filtre

    vues: dict[tuple[str, int], Facture] = {}
    for resume in poste.registre.lister(Filtre(limite=RECENTES)):
        demande = poste.registre.charger(resume.numero).facture.demande
        if de_ce_professionnel(poste, demande):
            vues.setdefault((demande.beneficiaire.nir, demande.beneficiaire.rang), demande)
    return sorted(vues.values(), key=lambda f: (f.beneficiaire.nom, f.beneficiaire.prenom))


def de_ce_professionnel(poste: Poste, demande: Facture) -> bool:
    """True for an invoice of the card that is in, or of this trade without a card."""
    executant, carte = demande.executant, poste.lecteurs.ps
    if carte is None:
        return executant.profession == poste.configuration.profession
    return executant.numero_facturation in {s.numero_facturation for s in carte.situations}


class Tour:
    """Visits billed since it began, and where each patient lives as their card told. Memory only."""

    def __init__(self) -> None:
        self._adresses: dict[tuple[str, str, int], str] = {}
        self._visites: list[Visite] = []

    def situer(self, patient: Patient, carte: CarteVitale | None) -> None:
        """Note where `patient` lives, when the card in the reader is theirs."""
        if carte is None or carte.assure.nir != patient.nir:
            return
        for b in carte.beneficiaires:
            if (b.date_naissance, b.rang) == (patient.date_naissance, patient.rang):
                self._adresses[_cle(patient)] = " ".join(" ".join(b.adresse).upper().split())

    def retenir(self, facture: Facture) -> None:
        """One more visit of the tour; where nobody knows the address, nothing can be shared."""
        from sesam_desktop.tarifs.tournee import Visite

        if lieu := self._adresses.get(_cle(facture.beneficiaire)):
            self._visites.append(Visite(facture, lieu))

    def porteuse(self, facture: Facture) -> Facture | None:
        """The invoice of this tour that bears the travel of `facture`: same address, day, and visit of the day."""
        from sesam_desktop.referentiels import tables
        from sesam_desktop.tarifs.tournee import Visite, partages

        lieu = self._adresses.get(_cle(facture.beneficiaire))
        if not lieu:
            return None
        visites = [*self._depuis(facture.beneficiaire), Visite(facture, lieu)]
        groupes = [{p.porteur, *p.dispenses} for p in partages(visites, tables)]
        rangs = next((groupe for groupe in groupes if len(visites) - 1 in groupe), None)
        return visites[min(rangs)].facture if rangs else None

    def _depuis(self, patient: Patient) -> list[Visite]:
        """Visits after the last one to this patient: coming back to them is another travel."""
        siennes = [rang for rang, v in enumerate(self._visites) if _cle(v.facture.beneficiaire) == _cle(patient)]
        return self._visites[siennes[-1] + 1 if siennes else 0:]


def _cle(patient: Patient) -> tuple[str, str, int]:
    return patient.nir, patient.date_naissance, patient.rang
