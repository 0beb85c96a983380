"""A fictitious DRE for the tests of several rooms: one box at 65 % and one box the AMO does not pay, billed apart."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sesam_desktop.factures.dre import DemandeAmc, DemandeSecurisee, NatureDre, Remplacee
from sesam_desktop.factures.facture import (
    FactureTarifee,
    LigneTarifee,
    Niveau,
    OrganismeAmc,
    Signature,
    Tarification,
    TiersPayant,
    Totaux,
)

from .exemples import INSTANT, JOUR, facture_tarifee

AMC = OrganismeAmc(
    "99000002", adherent="ADH12345", type_contrat="01", gestion="separee", indicateur="23", aiguillage="M",
    convention="DEMO_CONFORT",
)


def facture_eclatee(numero: str = "000000001", gestion: str = "separee", phn: int = 500) -> FactureTarifee:
    """10,00 € at 65 %: AMO 6,50, AMC 3,50. One PHN at 8,00 €, of which the insurer pays `phn`."""
    base = facture_tarifee(numero)
    saisie = base.demande.lignes[0]
    remboursable = replace(base.tarification.lignes[0], amc_centimes=350, assure_centimes=0)
    non_remboursable = LigneTarifee(
        acte="PHN", libelle="Pharmacie non remboursable", quantite=1, coefficient=Decimal(1),
        prix_unitaire_centimes=800, montant_centimes=800, base_centimes=0, taux=0, exoneration="0", amo_centimes=0,
        amc_centimes=phn, assure_centimes=800 - phn, depassement_centimes=0, regles=(), date=JOUR, saisie=1,
        detail="3400930000014",
    )
    demande = replace(
        base.demande, lignes=(saisie, replace(saisie, cip13="3400930000014", prix_centimes=800)),
        tiers_payant=TiersPayant(amo=True, amc=True), amc=replace(AMC, gestion=gestion),
    )
    totaux = Totaux(1800, 1000, 650, 350 + phn, 800 - phn)
    return replace(base, demande=demande, tarification=Tarification((remboursable, non_remboursable), totaux))


def demande_amc(
    numero: str = "000000002", fse: str = "000000001", nature: NatureDre = NatureDre.INITIALE,
    remplacee: Remplacee | None = None, niveau: Niveau = Niveau.SECURISEE,
) -> DemandeAmc:
    """8,50 € asked to 99000002 for the invoice `fse`."""
    return DemandeAmc(numero, nature, JOUR, replace(facture_eclatee(fse), niveau=niveau), niveau, remplacee)


def demande_securisee(demande: DemandeAmc | None = None) -> DemandeSecurisee:
    """Signatures of the right bearers whose bytes are arbitrary: the depot does not verify them."""
    demande = demande or demande_amc()
    porteurs = {Niveau.SECURISEE: ("vitale", "ps"), Niveau.NON_SECURISEE: ()}.get(demande.niveau, ("ps",))
    signatures = tuple(Signature(p, "RSA-PKCS1v15-SHA256", b"\x01", b"\x30", INSTANT) for p in porteurs)
    return DemandeSecurisee(demande, hashlib.sha256(demande.numero.encode()).hexdigest(), signatures)


LOT_PARTI = Remplacee("000000002", "007", date(2026, 3, 3))
