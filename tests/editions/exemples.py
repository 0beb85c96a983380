"""Invoices to print: the fictitious one of `tests.factures`, with as many lines as wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sesam_desktop.factures.depot import Evenement
from sesam_desktop.factures.facture import FactureSecurisee, Totaux
from tests.factures.exemples import facture_securisee

HISTORIQUE = [
    Evenement(nom, datetime(2026, 3, 2, 9, rang, tzinfo=UTC), {})
    for rang, nom in enumerate(("composee", "tarifee", "signee_vitale", "signee_ps", "en_lot", "transmise"))
]


def facture_de(nombre: int, **autres: object) -> FactureSecurisee:
    """`nombre` boxes at 1,234.56 € with a rate of 65 %: 802.46 € + 432.10 €."""
    fs = facture_securisee(**autres)  # type: ignore[arg-type]
    ligne = replace(
        fs.facture.tarification.lignes[0], libelle="AMOXICILLINE/ACIDE CLAVULANIQUE 1 g/125 mg, poudre", quantite=2,
        prix_unitaire_centimes=61728, montant_centimes=123456, base_centimes=123456, amo_centimes=80246,
        assure_centimes=43210,
    )
    totaux = Totaux(123456 * nombre, 123456 * nombre, 80246 * nombre, 0, 43210 * nombre)
    tarification = replace(fs.facture.tarification, lignes=(ligne,) * nombre, totaux=totaux)
    return replace(fs, facture=replace(fs.facture, tarification=tarification))
