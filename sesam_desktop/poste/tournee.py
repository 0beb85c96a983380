"""Patients this professional has treated lately, each with the last invoice: where a tour starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.factures.facture import Facture

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
