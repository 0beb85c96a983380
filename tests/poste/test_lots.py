"""How the settings of the workstation reach the lots, and the frontal's check module before they are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sesam_desktop.base.modeles import Lot, Message
from sesam_desktop.flux import b2
from sesam_desktop.poste.configuration import Configuration, Courrier, Transmission
from sesam_desktop.poste.controle_lots import controler
from sesam_desktop.poste.reglages_lots import parametres
from sesam_desktop.securisation.signature import Signataire
from sesam_desktop.teletransmission.controle import REFUSE, Presente
from sesam_desktop.teletransmission.lots import Preparation
from sesam_desktop.teletransmission.parametres import ParametresLots
from tests.flux.fabrique import facture, fichier
from tests.teletransmission.atelier import Atelier
from tests.teletransmission.fabrique import PARIS, SARTHE, courrier

RSV = Courrier(adresse="ps@cabinet.test", smtp_hote="smtp.cabinet.test", taille_maximale_ko=500)
OCT = Courrier(adresse="ps@concentrateur.test", smtp_hote="smtp.concentrateur.test", taille_maximale_ko=0)


def test_le_frontal_juge_le_lot_et_nomme_la_fautive() -> None:
    """An AMO total of 7,57 € where the line says 7,56 €."""
    fausse = [e if e.type != "5" else e.modifier(total_amo_4=757) for e in facture()]
    verdict = controler(Presente(b2.ecrire(fichier(fausse))))
    assert verdict.sort == REFUSE
    assert verdict.fautives == {"000000123"}
    assert controler(Presente(b"court")).fautives == frozenset()
    assert controler(Presente(b"court")).sort == REFUSE


@pytest.fixture
def atelier(tmp_path: Path) -> Iterator[Atelier]:
    atelier = Atelier(tmp_path / "poste", tmp_path / "autorite", courrier())
    yield atelier
    atelier.fermer()


def faussaire(juste: Signataire) -> Any:
    """The same card, which answers with the signature of something else."""
    return SimpleNamespace(
        porteur="ps", certificat=juste.certificat, signer=lambda octets: juste.signer(octets[1:])
    )


def preparation(atelier: Atelier, signataire: Signataire) -> Preparation:
    reglages = ParametresLots("poste@poste.test", type_flux="T")
    return Preparation(
        atelier.base, atelier.factures, atelier.magasin, lambda _emetteur: signataire, reglages, controle=controler
    )


@pytest.mark.parametrize("a_blanc", [True, False])
def test_une_facture_signee_avant_le_certificat_est_ecartee(
    atelier: Atelier, a_blanc: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of the workstation was ten years late when the second one was signed."""
    trop_tot = datetime.now(UTC) - timedelta(days=3_653)
    for horloge in (datetime.now(UTC), trop_tot, datetime.now(UTC)):
        monkeypatch.setattr("tests.teletransmission.atelier.maintenant", lambda h=horloge: h)
        atelier.signer()
    bilan = preparation(atelier, atelier.ps).preparer(a_blanc=a_blanc)
    assert [(r.facture, r.code) for r in bilan.refus] == [("000000002", "CONTROLE_REFUSE")]
    assert "certificat hors de sa période de validité. [SIG]" in bilan.refus[0].message
    assert [lot.nombre for lot in bilan.lots] == [2]


def test_un_lot_mal_signe_n_est_pas_garde(atelier: Atelier) -> None:
    """Nothing leaves, no number is spent; with the right signature the same invoices go."""
    for _ in range(2):
        atelier.signer()
    bilan = preparation(atelier, faussaire(atelier.ps)).preparer()
    assert [r.facture for r in bilan.refus] == ["000000001", "000000002"]
    assert "Lot : signature fausse. [SIG]" in bilan.refus[0].message
    assert (Lot.select().count(), Message.select().count()) == (0, 0)
    assert [(lot.numero, lot.nombre, lot.verdict) for lot in preparation(atelier, atelier.ps).preparer().lots] == [
        ("001", 2, "avertissement")
    ]


def test_un_courriel_pour_un_autre_organisme_ne_part_pas(atelier: Atelier) -> None:
    """Written for the Sarthe, addressed to Paris."""
    atelier.signer(replace(SARTHE, adresse=PARIS.adresse))
    (refus,) = preparation(atelier, atelier.ps).preparer(a_blanc=True).refus
    assert "Le fichier n'est pas adressé à l'organisme qui le reçoit. [DST]" in refus.message


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


@pytest.mark.parametrize(("departement", "attendu"), [("67", True), ("72", False), ("", False)])
def test_les_jours_feries_d_ici(departement: str, attendu: bool) -> None:
    assert parametres(Configuration(departement=departement)).alsace_moselle is attendu


def test_les_limites_d_un_lot_sont_des_reglages() -> None:
    lus = parametres(Configuration(transmission=Transmission(factures_par_lot=10, enregistrements_par_lot=200)))
    assert (lus.factures_maximum, lus.enregistrements_maximum) == (10, 200)
