"""Fictitious invoices for the tests of several rooms."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from sesam_desktop.factures.facture import (
    Destinataire,
    Executant,
    Facture,
    FactureSecurisee,
    FactureTarifee,
    LigneSaisie,
    LigneTarifee,
    Niveau,
    Patient,
    Prescription,
    Regle,
    Signature,
    Tarification,
    Totaux,
)

JOUR = date(2026, 3, 2)
INSTANT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PATIENT = Patient(nir="1801975000001", date_naissance="19800101", cle="31", nom="DURAND", prenom="ÉLODIE", caisse="721")


def facture_tarifee(numero: str = "000000001", niveau: Niveau = Niveau.SECURISEE, **autres: object) -> FactureTarifee:
    """One box of medicine at 65 %: 10,00 € = 6,50 € AMO + 3,50 € for the insured."""
    demande = Facture(
        date_soins=JOUR,
        executant=Executant(profession="pharmacien", specialite="50", nom="MARTIN", numero_facturation="99900001"),
        beneficiaire=PATIENT,
        lignes=(LigneSaisie(acte="MEDICAMENT", cip13="3400930000007", date=JOUR),),
        prescription=Prescription(date=date(2026, 3, 1), prescripteur="10001234563"),
    )
    ligne = LigneTarifee(
        acte="PH7", libelle="Médicament à 65 %", quantite=1, coefficient=Decimal(1), prix_unitaire_centimes=1000,
        montant_centimes=1000, base_centimes=1000, taux=6500, exoneration="0", amo_centimes=650, amc_centimes=0,
        assure_centimes=350, depassement_centimes=0, regles=(Regle("TAUX_PH7", "Taux de 65 %", "essai", "1"),),
        date=JOUR, saisie=0, detail="3400930000007",
    )
    tarification = Tarification((ligne,), Totaux(1000, 1000, 650, 0, 350))
    destinataire = Destinataire("01", "721", "0000", "721", "001", "organisme@exemple.invalid", "CPAM d'essai")
    base = FactureTarifee(numero, JOUR, demande, tarification, destinataire, niveau)
    return replace(base, **autres)  # type: ignore[arg-type]


def facture_securisee(
    numero: str = "000000001", niveau: Niveau = Niveau.SECURISEE, **autres: object
) -> FactureSecurisee:
    """The same with signatures of the right bearers whose bytes are arbitrary: the depot does not verify them."""
    porteurs = {Niveau.SECURISEE: ("vitale", "ps"), Niveau.NON_SECURISEE: ()}.get(niveau, ("ps",))
    signatures = tuple(Signature(p, "RSA-PKCS1v15-SHA256", b"\x01\xff", b"\x30\x00", INSTANT) for p in porteurs)
    empreinte = hashlib.sha256(numero.encode()).hexdigest()
    return FactureSecurisee(facture_tarifee(numero, niveau, **autres), empreinte, signatures)
