from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from sesam_desktop.factures.facture import Alerte, FactureSecurisee, Niveau, Signature
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation.autorite import Identite
from sesam_desktop.securisation.certificats import decrire
from sesam_desktop.securisation.securiser import contresigner, securiser
from sesam_desktop.securisation.signature import ALGORITHME, verifier
from tests.factures.exemples import INSTANT, facture_tarifee

OCTETS = b"2 000000001 enregistrements en clair"


class _Faux:
    """A card that answers something else than a signature."""

    porteur = "ps"

    def __init__(self, identite: Identite, reponse: bytes) -> None:
        self._identite, self._reponse = identite, reponse

    def certificat(self) -> bytes:
        return self._identite.certificat_der

    def signer(self, octets: bytes) -> bytes:
        return self._reponse


def _securiser(niveau: Niveau, *signataires: object) -> FactureSecurisee:
    return securiser(facture_tarifee(niveau=niveau), OCTETS, *signataires, INSTANT)  # type: ignore[arg-type]


def _refus(niveau: Niveau, *signataires: object) -> ErreurConnue:
    with pytest.raises(ErreurConnue) as refus:
        _securiser(niveau, *signataires)
    return refus.value


def test_securisee_par_les_deux_cartes(cps: Identite, vitale: Identite) -> None:
    fs = _securiser(Niveau.SECURISEE, vitale.signataire("vitale"), cps.signataire("ps"))
    assert fs.facture == facture_tarifee()
    assert fs.empreinte == hashlib.sha256(OCTETS).hexdigest()
    assert [(s.porteur, s.algorithme, s.signe_le) for s in fs.signatures] == [
        ("vitale", "RSA-PKCS1v15-SHA256", INSTANT), ("ps", "RSA-PKCS1v15-SHA256", INSTANT),
    ]
    assert [s.certificat for s in fs.signatures] == [vitale.certificat_der, cps.certificat_der]
    assert all(verifier(s.certificat, OCTETS, s.valeur) for s in fs.signatures)


@pytest.mark.parametrize("niveau", [Niveau.SANS_VITALE, Niveau.DEGRADEE])
def test_par_le_professionnel_seul(cps: Identite, niveau: Niveau) -> None:
    assert [s.porteur for s in _securiser(niveau, None, cps.signataire("ps")).signatures] == ["ps"]


def test_sans_carte() -> None:
    assert _securiser(Niveau.NON_SECURISEE, None, None).signatures == ()


@pytest.mark.parametrize(
    ("niveau", "avec_vitale", "avec_ps"),
    [("S", False, True), ("S", True, False), ("S", False, False), ("V", True, True), ("V", False, False),
     ("D", True, True), ("D", False, False), ("N", True, True), ("N", False, True), ("N", True, False)],
)
def test_une_carte_en_trop_ou_qui_manque(
    cps: Identite, vitale: Identite, niveau: str, avec_vitale: bool, avec_ps: bool
) -> None:
    signataires = (vitale.signataire("vitale") if avec_vitale else None, cps.signataire("ps") if avec_ps else None)
    refus = _refus(Niveau(niveau), *signataires)
    assert refus.code == "NIVEAU_INCOHERENT"
    assert refus.action


def test_les_deux_cartes_ne_s_echangent_pas(cps: Identite, vitale: Identite) -> None:
    refus = _refus(Niveau.SECURISEE, cps.signataire("ps"), vitale.signataire("vitale"))
    assert refus.code == "NIVEAU_INCOHERENT"


@pytest.mark.parametrize("reponse", [b"", b"\0" * 256])
def test_une_fausse_signature_ne_fait_pas_un_document(cps: Identite, reponse: bytes) -> None:
    assert _refus(Niveau.DEGRADEE, None, _Faux(cps, reponse)).code == "SIGNATURE_FAUSSE"


def test_une_facture_bloquee_ne_se_signe_pas(cps: Identite) -> None:
    ft = facture_tarifee(niveau=Niveau.DEGRADEE)
    bloquante = Alerte("PRESCRIPTION_FUTURE", "bloquante", "L'ordonnance est datée du futur.", "prescription.date")
    simple = Alerte("X", "avertissement", "Attention.")
    ft = replace(ft, tarification=replace(ft.tarification, alertes=(simple, bloquante)))
    with pytest.raises(ErreurConnue, match="datée du futur") as refus:
        securiser(ft, OCTETS, None, cps.signataire("ps"), INSTANT)
    assert (refus.value.code, refus.value.ou) == ("FACTURE_BLOQUEE", "prescription.date")
    ft = replace(ft, tarification=replace(ft.tarification, alertes=(simple,)))
    assert securiser(ft, OCTETS, None, cps.signataire("ps"), INSTANT).signatures


def test_aucune_donnee_personnelle_dans_les_refus_ni_les_journaux(
    cps: Identite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    refus = [_refus(Niveau.SECURISEE, None, None), _refus(Niveau.DEGRADEE, None, _Faux(cps, b"x"))]
    textes = [caplog.text, *(r.phrase() for r in refus)]
    assert not [t for t in textes if "DURAND" in t or "1801975000001" in t or "PRIVATE" in t]


def _vitale_avant(vitale: Identite, octets: bytes = OCTETS, porteur: str = "vitale") -> Signature:
    signataire = vitale.signataire(porteur)
    return Signature(porteur, ALGORITHME, signataire.signer(octets), signataire.certificat(), INSTANT)


def test_contresigner_ce_que_la_vitale_a_signe_avant(cps: Identite, vitale: Identite) -> None:
    avant, plus_tard = _vitale_avant(vitale), INSTANT + timedelta(hours=6)
    fs = contresigner(facture_tarifee(), OCTETS, avant, cps.signataire("ps"), plus_tard)
    assert fs.signatures[0] == avant
    assert (fs.signatures[1].porteur, fs.signatures[1].signe_le) == ("ps", plus_tard)
    assert fs.empreinte == hashlib.sha256(OCTETS).hexdigest()
    assert verifier(cps.certificat_der, OCTETS, fs.signatures[1].valeur)


@pytest.mark.parametrize(
    ("niveau", "signe", "porteur", "attendu"),
    [("S", b"autre chose", "vitale", "SIGNATURE_FAUSSE"), ("D", OCTETS, "vitale", "NIVEAU_INCOHERENT"),
     ("S", OCTETS, "ps", "NIVEAU_INCOHERENT")],
)
def test_rien_n_est_contresigne_sans_une_vraie_signature_de_la_vitale(
    cps: Identite, vitale: Identite, niveau: str, signe: bytes, porteur: str, attendu: str
) -> None:
    avant = _vitale_avant(vitale, signe, porteur)
    with pytest.raises(ErreurConnue) as refus:
        contresigner(facture_tarifee(niveau=Niveau(niveau)), OCTETS, avant, cps.signataire("ps"), INSTANT)
    assert refus.value.code == attendu


@pytest.mark.parametrize("porteur", ["vitale", "ps"])
def test_une_carte_dont_le_certificat_est_fini_ne_signe_plus(cps: Identite, vitale: Identite, porteur: str) -> None:
    carte = vitale if porteur == "vitale" else cps
    apres = decrire(carte.certificat_der).fin + timedelta(seconds=1)
    signees: list[bytes] = []
    finie = SimpleNamespace(porteur=porteur, certificat=lambda: carte.certificat_der, signer=signees.append)
    paire = (finie, cps.signataire("ps")) if porteur == "vitale" else (None, finie)
    niveau = Niveau.SECURISEE if porteur == "vitale" else Niveau.DEGRADEE
    with pytest.raises(ErreurConnue) as refus:
        securiser(facture_tarifee(niveau=niveau), OCTETS, *paire, apres)
    assert (refus.value.code, signees) == ("CERTIFICAT_EXPIRE", [])
    assert refus.value.action
