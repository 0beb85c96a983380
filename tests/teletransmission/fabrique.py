"""Invoices, lots and settings for the tests of this room: fictitious people, signatures that no key made."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

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
    Signature,
    Tarification,
    TiersPayant,
    Totaux,
)
from sesam_desktop.teletransmission.depot import NouveauLot, NouveauMessage
from sesam_desktop.teletransmission.parametres import ParametresCourrier

JOUR = date(2026, 3, 2)
INSTANT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
SARTHE = Destinataire("01", "721", "0000", "721", "721", "01721@721.01.rss.test", "CPAM Sarthe")
PARIS = Destinataire("01", "751", "0000", "751", "755", "01751@751.01.rss.test", "CPAM Paris")


def facture_tarifee(
    numero: str, destinataire: Destinataire = SARTHE, niveau: Niveau = Niveau.SECURISEE, amo: int = 1750,
    tiers_payant: bool = True,
) -> FactureTarifee:
    """One G at 25,00 €: AMO 17,50, the patient pays the rest; everything without tiers payant."""
    executant = Executant("medecin", "01", numero_facturation="72100100", cle="6", nom="MARTIN", prenom="CLAIRE")
    patient = Patient("1801972000001", "19800101", caisse=destinataire.caisse, cle="15", nom="DURAND")
    ligne = LigneTarifee(
        acte="G", libelle="Consultation", quantite=1, coefficient=Decimal(1), prix_unitaire_centimes=2500,
        montant_centimes=2500, base_centimes=2500, taux=7000, exoneration="0", amo_centimes=amo, amc_centimes=0,
        assure_centimes=2500 - amo, depassement_centimes=0, regles=(), date=JOUR, saisie=0,
    )
    return FactureTarifee(
        numero=numero,
        elaboree_le=JOUR,
        demande=Facture(
            JOUR, executant, patient, (LigneSaisie("G"),), tiers_payant=TiersPayant(amo=tiers_payant)
        ),
        tarification=Tarification((ligne,), Totaux(2500, 2500, amo, 0, 2500 - amo)),
        destinataire=destinataire,
        niveau=niveau,
    )


def securisee(
    numero: str, destinataire: Destinataire = SARTHE, niveau: Niveau = Niveau.SECURISEE, amo: int = 1750,
    tiers_payant: bool = True,
) -> FactureSecurisee:
    """The same with signatures of the right bearers, whose value is not a signature."""
    porteurs = {Niveau.SECURISEE: ("vitale", "ps"), Niveau.NON_SECURISEE: ()}.get(niveau, ("ps",))
    signatures = tuple(Signature(p, "RSA-PKCS1v15-SHA256", b"valeur", b"certificat", INSTANT) for p in porteurs)
    return FactureSecurisee(facture_tarifee(numero, destinataire, niveau, amo, tiers_payant), "0" * 64, signatures)


def lot(numeros: tuple[str, ...], numero: str = "001", adresse: str = SARTHE.adresse, **autres: object) -> NouveauLot:
    """A lot of these invoices with a small message of its own."""
    octets = f"Message-ID: <{numero}@poste.test>\r\nSubject: lot {numero}\r\n\r\ncontenu {numero}\r\n".encode()
    champs: dict[str, object] = {
        "genre": "FSE", "regime": "01", "organisme": "721", "centre_informatique": "721", "numero": numero,
        "date": JOUR.isoformat(), "identification": f"ABC{numero}", "contenu": b"clair", "documents": numeros,
        "pieces": (), "total_centimes": 2500 * len(numeros), "amo_centimes": 1750 * len(numeros),
        "message": NouveauMessage(f"<{numero}@poste.test>", "RSV", adresse, octets),
    }
    return NouveauLot(**(champs | autres))  # type: ignore[arg-type]


def courrier(smtp_port: int = 0, pop_port: int = 0, ca: Path | None = None, **autres: object) -> ParametresCourrier:
    """The account of the test servers."""
    from tests.outils.courrier import MOT_DE_PASSE, UTILISATEUR

    champs: dict[str, object] = {
        "smtp_hote": "127.0.0.1", "smtp_port": smtp_port, "pop_hote": "127.0.0.1", "pop_port": pop_port,
        "utilisateur": UTILISATEUR, "mot_de_passe": lambda: MOT_DE_PASSE, "adresse_emetteur": "poste@poste.test",
        "ca": ca, "delai_s": 5.0,
    }
    return ParametresCourrier(**(champs | autres))  # type: ignore[arg-type]


def partout(compte: ParametresCourrier) -> dict[str, ParametresCourrier]:
    """One account for every mailbox."""
    return dict.fromkeys(("RSV", "OCT", "SCOR"), compte)
