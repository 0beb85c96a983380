from __future__ import annotations

import ssl
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sesam_desktop.securisation import autorite, certificats
from sesam_desktop.securisation.autorite import Identite


def _openssl(*arguments: object) -> str:
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def test_openssl_reconnait_la_chaine(cles: Path, cps: Identite) -> None:
    racine = autorite.creer_autorite(cles).chemin_certificat
    assert _openssl("verify", "-x509_strict", "-CAfile", racine, cps.chemin_certificat).strip().endswith(": OK")
    assert "Public-Key: (2048 bit)" in _openssl("x509", "-in", cps.chemin_certificat, "-noout", "-text")


def test_tout_est_marque_comme_un_essai(cles: Path, cps: Identite) -> None:
    for identite in (cps, autorite.creer_autorite(cles)):
        sujet = _openssl("x509", "-in", identite.chemin_certificat, "-noout", "-subject", "-issuer")
        assert sujet.count("TEST SANS VALEUR") == 2


def test_les_cles_ne_sont_lisibles_que_par_leur_proprietaire(cles: Path, cps: Identite) -> None:
    for chemin in cles.glob("*.cle.pem"):
        assert stat.S_IMODE(chemin.stat().st_mode) == 0o600
    assert not list(cles.glob("*.tmp"))


def test_la_deuxieme_fois_relit_les_memes(cles: Path, cps: Identite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autorite, "_fabriquer", None)
    assert autorite.creer_certificat(cles, "cps", "CPS DE TEST DOCTEUR MARTIN") == cps


def test_un_couple_incomplet_ou_abime_est_refait(tmp_path: Path) -> None:
    premiere = autorite.creer_autorite(tmp_path)
    premiere.chemin_certificat.write_bytes(b"abime")
    deuxieme = autorite.creer_autorite(tmp_path)
    assert deuxieme.certificat_der != premiere.certificat_der
    deuxieme.chemin_cle.unlink()
    assert autorite.creer_autorite(tmp_path).certificat_der != deuxieme.certificat_der


def test_une_cle_qui_n_est_pas_celle_du_certificat_est_refaite(tmp_path: Path) -> None:
    """Two programs that start together may leave the key of one and the certificate of the other."""
    autre = autorite.creer_autorite(tmp_path / "autre")
    premiere = autorite.creer_autorite(tmp_path)
    for cle_pem in (autre.cle_pem, b"abime"):
        premiere.chemin_cle.write_bytes(cle_pem)
        assert autorite.creer_autorite(tmp_path).cle_pem != cle_pem


def test_un_certificat_d_une_autre_autorite_est_refait(tmp_path: Path) -> None:
    ancien = autorite.creer_certificat(tmp_path, "cps", "CPS DE TEST")
    autorite.creer_autorite(tmp_path).chemin_certificat.unlink()
    refait = autorite.creer_certificat(tmp_path, "cps", "CPS DE TEST")
    assert refait.certificat_der != ancien.certificat_der
    racine = autorite.creer_autorite(tmp_path).chemin_certificat
    assert _openssl("verify", "-CAfile", racine, refait.chemin_certificat).strip().endswith(": OK")


def test_un_certificat_qui_va_expirer_est_refait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autorite, "_DUREE", timedelta(days=10))
    court = autorite.creer_autorite(tmp_path)
    monkeypatch.undo()
    refait = certificats.decrire(autorite.creer_autorite(tmp_path).certificat_der)
    assert certificats.decrire(court.certificat_der).fin < datetime.now(UTC) + timedelta(days=11) < refait.fin


@pytest.mark.parametrize("hote", ["localhost", "127.0.0.1"])
def test_le_serveur_tls_est_reconnu_sur_cette_machine(cles: Path, hote: str) -> None:
    """A TLS handshake in memory, by Python's own ssl, with the authority as only trust."""
    serveur = autorite.creer_serveur_tls(cles)
    cote_serveur = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cote_serveur.load_cert_chain(serveur.chemin_certificat, serveur.chemin_cle)
    cote_client = ssl.create_default_context(cafile=str(autorite.creer_autorite(cles).chemin_certificat))
    aller, retour = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = cote_client.wrap_bio(retour, aller, server_hostname=hote)
    paires = [client, cote_serveur.wrap_bio(aller, retour, server_side=True)]
    for _ in range(4):
        for cote in paires:
            _avancer(cote)
    assert client.getpeercert()["subject"][2] == (("commonName", "SERVEUR DE TEST"),)  # type: ignore[index]


def _avancer(cote: ssl.SSLObject) -> None:
    try:
        cote.do_handshake()
    except ssl.SSLWantReadError:
        return


def test_rien_de_secret_ne_s_affiche(cps: Identite) -> None:
    assert repr(cps) == "<Identite cps>"
    assert repr(cps.signataire("ps")) == "<SignataireCle ps>"
