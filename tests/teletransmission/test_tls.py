"""What a server may be: its protection, its certificate, the one it asks for, its ways to identify."""

from __future__ import annotations

import hashlib
import hmac
import shutil
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from sesam_desktop.frontal.serveurs import Frontal
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.parametres import TLS, ParametresCourrier
from sesam_desktop.teletransmission.smtp import SessionSmtp, Sort
from tests.outils import certificat
from tests.outils.courrier import MOT_DE_PASSE, UTILISATEUR
from tests.outils.smtp_scripte import DEFI, SmtpScripte, smtp_scripte

from .fabrique import courrier
from .test_courrier_protocoles import tls_vu

Cles = tuple[Path, Path]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Cles:
    return certificat.ecrire(tmp_path_factory.mktemp("serveur"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Cles:
    return certificat.ecrire(tmp_path_factory.mktemp("client"))


def refus(compte: ParametresCourrier) -> str:
    """Code of what stops a session before any message."""
    with pytest.raises(ErreurConnue) as erreur, SessionSmtp(compte) as session:
        session.verifier()
    return erreur.value.code


def deux_protections(serveur: SmtpScripte, ca: Path) -> ParametresCourrier:
    return courrier(serveur.port, ca=ca, smtp_protection=TLS if serveur.tls_direct else "starttls")


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize(
    ("nom", "jours", "mots"),
    [("autre.test", 2, "au nom d'un autre serveur"), ("localhost", -1, "il a expiré")],
)
def test_certificat_du_serveur(tmp_path: Path, nom: str, jours: int, mots: str, direct: bool) -> None:
    faux = certificat.ecrire(tmp_path, nom, jours)
    with smtp_scripte(*faux) as serveur:
        serveur.tls_direct = direct
        compte = deux_protections(serveur, faux[0])
        with pytest.raises(ErreurConnue, match=mots) as erreur, SessionSmtp(compte) as session:
            session.envoyer("a@b.test", b"x\r\n")
    assert (erreur.value.code, serveur.recus, serveur.passages) == ("CERTIFICAT_SERVEUR", [], {})


def test_autorite_inconnue_ou_certificat_de_soi_seul(tls: Cles, client: Cles) -> None:
    with smtp_scripte(*tls) as serveur:
        assert refus(courrier(serveur.port, ca=client[0])) == "CERTIFICAT_SERVEUR"
        assert refus(courrier(serveur.port, ca=None)) == "CERTIFICAT_SERVEUR"  # the system's authorities


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_tls_trop_ancien(tls: Cles, direct: bool) -> None:
    with smtp_scripte(*tls) as serveur:
        serveur.tls_direct = direct
        serveur.tls.set_ciphers("ALL:@SECLEVEL=0")
        serveur.tls.minimum_version = serveur.tls.maximum_version = ssl.TLSVersion.TLSv1_1
        assert refus(deux_protections(serveur, tls[0])) == "TLS_TROP_ANCIEN"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("direct", [False, True])
def test_certificat_demande_au_poste(tls: Cles, client: Cles, version: ssl.TLSVersion, direct: bool) -> None:
    """Shown when the settings give it; refused without it, or with that of somebody else.

    In TLS 1.3 the refusal comes after the handshake: the reset that follows may hide it.
    """
    refuses = {"CERTIFICAT_CLIENT_REFUSE"} | ({"SERVEUR_INJOIGNABLE"} if version is ssl.TLSVersion.TLSv1_3 else set())
    with smtp_scripte(*tls) as serveur:
        serveur.tls_direct = direct
        serveur.tls.verify_mode = ssl.CERT_REQUIRED
        serveur.tls.load_verify_locations(client[0])
        serveur.tls.maximum_version = version
        sans = deux_protections(serveur, tls[0])
        assert refus(sans) in refuses
        assert refus(replace(sans, certificat_client=tls[0], cle_client=tls[1])) in refuses
        with SessionSmtp(replace(sans, certificat_client=client[0], cle_client=client[1])) as session:
            assert session.envoyer("a@b.test", b"x\r\n").sort is Sort.REMISE


def test_certificat_du_poste_illisible(tls: Cles, client: Cles, tmp_path: Path) -> None:
    for fichiers in ((tmp_path / "absent.pem", client[1]), (client[0], tls[1]), (client[0], None)):
        compte = courrier(1, ca=tls[0], certificat_client=fichiers[0], cle_client=fichiers[1])
        assert refus(compte) == "CERTIFICAT_CLIENT_ILLISIBLE"


def test_un_port_en_clair_ou_l_on_attend_tls(tls: Cles) -> None:
    with smtp_scripte(*tls) as serveur:
        assert refus(courrier(serveur.port, ca=tls[0], smtp_protection=TLS)) == "TLS_ABSENT"


@pytest.mark.parametrize("mot_de_passe", [MOT_DE_PASSE, "mot de passé"])
@pytest.mark.parametrize("mecanisme", ["PLAIN", "LOGIN", "CRAM-MD5", "GSSAPI LOGIN", "CRAM-MD5 LOGIN PLAIN"])
def test_une_seule_identification(tls: Cles, mecanisme: str, mot_de_passe: str) -> None:
    """In UTF-8, once, by the first that is known; expected value of CRAM-MD5 from its definition (RFC 2195)."""
    preuve = hmac.new(mot_de_passe.encode(), DEFI, hashlib.md5).hexdigest()
    attendu = f"{UTILISATEUR} {preuve if mecanisme == 'CRAM-MD5' else mot_de_passe}"
    with smtp_scripte(*tls) as serveur:
        serveur.mecanisme = mecanisme
        with SessionSmtp(courrier(serveur.port, ca=tls[0], mot_de_passe=lambda: mot_de_passe)) as session:
            session.verifier()
        assert (serveur.identite, serveur.passages["AUTH"]) == (attendu, 1)


@pytest.mark.parametrize("mecanisme", ["", "GSSAPI"])
def test_aucune_identification_connue(tls: Cles, mecanisme: str) -> None:
    with smtp_scripte(*tls) as serveur:
        serveur.mecanisme = mecanisme
        assert refus(courrier(serveur.port, ca=tls[0])) == "IDENTIFICATION_IMPOSSIBLE"
        assert serveur.passages == {}


def test_nom_de_serveur_impossible(tls: Cles) -> None:
    assert refus(courrier(25, ca=tls[0], smtp_hote=".".join(["a" * 70] * 2))) == "SERVEUR_INJOIGNABLE"


@pytest.mark.parametrize("mots", ["554 pas de service ici", "421 trop de connexions"])
def test_serveur_qui_refuse_la_connexion(tls: Cles, mots: str) -> None:
    with smtp_scripte(*tls) as serveur:
        serveur.accueil = mots
        compte = courrier(serveur.port, ca=tls[0])
        with pytest.raises(ErreurConnue, match=mots) as erreur, SessionSmtp(compte) as session:
            session.verifier()
    assert erreur.value.code == "SERVEUR_INJOIGNABLE"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl absent")
def test_openssl_voit_le_tls_du_frontal(tmp_path: Path) -> None:
    frontal = Frontal(tmp_path / "frontal")
    frontal.demarrer()
    try:
        for port, depart in ((frontal.smtp_port, "smtp"), (frontal.pop_port, "")):
            assert tls_vu(port, frontal.certificat_tls, depart) in ("TLSv1.2", "TLSv1.3")
    finally:
        frontal.arreter()
