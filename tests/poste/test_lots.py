"""How the settings of the workstation reach the lots, and the frontal's check module before they are made."""

from __future__ import annotations

from pathlib import Path

from sesam_desktop.flux import b2
from sesam_desktop.poste.configuration import Configuration, Courrier, Transmission
from sesam_desktop.poste.controle_lots import controler
from sesam_desktop.poste.reglages_lots import parametres
from sesam_desktop.teletransmission.controle import REFUSE
from tests.flux.fabrique import facture, fichier

RSV = Courrier(adresse="ps@cabinet.test", smtp_hote="smtp.cabinet.test", taille_maximale_ko=500)
OCT = Courrier(adresse="ps@concentrateur.test", smtp_hote="smtp.concentrateur.test", taille_maximale_ko=0)


def test_le_frontal_juge_le_lot_et_nomme_la_fautive() -> None:
    """An AMO total of 7,57 € where the line says 7,56 €."""
    fausse = [e if e.type != "5" else e.modifier(total_amo_4=757) for e in facture()]
    verdict = controler(b2.ecrire(fichier(fausse)))
    assert verdict.sort == REFUSE
    assert verdict.fautives == {"000000123"}
    assert controler(b"court").fautives == frozenset()
    assert controler(b"court").sort == REFUSE


def test_une_messagerie_non_reglee_suit_la_principale() -> None:
    lus = parametres(Configuration(courrier=RSV, courrier_oct=OCT))
    assert lus.adresses == {"RSV": "ps@cabinet.test", "OCT": "ps@concentrateur.test", "SCOR": "ps@cabinet.test"}
    assert lus.tailles == {"RSV": 500_000, "SCOR": 500_000}  # 0 is no limit
    assert lus.adresse_de("OCT") == "ps@concentrateur.test"


def test_la_signature_des_courriels_est_un_reglage() -> None:
    fichiers = {"certificat_signature": "/c.pem", "cle_signature": ""}
    signe = parametres(Configuration(transmission=Transmission(signature_smime=True, **fichiers)))
    assert (signe.certificat_smime, signe.cle_smime) == (Path("/c.pem"), None)
    assert parametres(Configuration(transmission=Transmission(**fichiers))).certificat_smime is None


def test_les_limites_d_un_lot_sont_des_reglages() -> None:
    lus = parametres(Configuration(transmission=Transmission(factures_par_lot=10, enregistrements_par_lot=200)))
    assert (lus.factures_maximum, lus.enregistrements_maximum) == (10, 200)
