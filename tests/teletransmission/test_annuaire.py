"""The directory of certificates: a directory in memory, then a real slapd, asked as the published one is."""

from __future__ import annotations

import base64
import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation.autorite import Identite, creer_certificat, creer_serveur_tls
from sesam_desktop.teletransmission.annuaire import BASE, AnnuaireLdap, ParametresAnnuaire, _ldap3

ADRESSE = "01721@721.01.rss.test"
AUTRE = "01751@751.01.rss.test"
SLAPD = shutil.which("slapd") or "/usr/sbin/slapd"


@pytest.fixture(scope="module")
def organisme(autorite: Path) -> Identite:
    return creer_certificat(autorite, ADRESSE, ADRESSE)


def en_memoire(**entrees: list[bytes]) -> Any:
    """A directory that holds one entry a common name."""
    ldap3 = _ldap3()
    connexion = ldap3.Connection(ldap3.Server("annuaire"), client_strategy=ldap3.MOCK_SYNC)
    for rang, (nom, certificats) in enumerate(entrees.items()):
        attributs = {"cn": nom, "objectClass": "pkiUser", "userCertificate;binary": certificats}
        connexion.strategy.add_entry(f"cn={rang},{BASE}", attributs)
    connexion.bind()
    return connexion


def test_le_certificat_de_l_adresse_et_elle_seule(organisme: Identite) -> None:
    entrees = {ADRESSE: [organisme.certificat_der], AUTRE: [b"autre"]}
    annuaire = AnnuaireLdap(ParametresAnnuaire(), lambda: en_memoire(**entrees))
    assert annuaire.chercher(ADRESSE) == [organisme.certificat_der]
    assert annuaire.chercher("01999@999.01.rss.test") == []
    assert not annuaire.protege


@pytest.mark.parametrize("adresse", ["*", "*)(cn=*", "\\2a"])
def test_une_adresse_ne_change_pas_la_recherche(organisme: Identite, adresse: str) -> None:
    annuaire = AnnuaireLdap(ParametresAnnuaire(), lambda: en_memoire(**{ADRESSE: [organisme.certificat_der]}))
    assert annuaire.chercher(adresse) == []


def test_un_annuaire_injoignable(free_port: int) -> None:
    debut = time.monotonic()
    with pytest.raises(ErreurConnue) as refus:
        AnnuaireLdap(ParametresAnnuaire("127.0.0.1", free_port, delai_s=1)).chercher(ADRESSE)
    assert refus.value.code == "ANNUAIRE_INJOIGNABLE"
    assert time.monotonic() - debut < 5


def test_un_annuaire_muet_ne_retient_pas(free_port: int) -> None:
    """It accepts the connection and never answers: the wait is bounded."""
    with socket.create_server(("127.0.0.1", free_port)), pytest.raises(ErreurConnue) as refus:
        AnnuaireLdap(ParametresAnnuaire("127.0.0.1", free_port, delai_s=1)).chercher(ADRESSE)
    assert refus.value.code == "ANNUAIRE_INJOIGNABLE"


@pytest.fixture
def free_port() -> int:
    return port_libre()


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory, autorite: Path, organisme: Identite) -> Iterator[tuple[int, int]]:
    """OpenLDAP on loopback, in clear and by LDAPS: twelve certificates of one address, one of another."""
    if not Path(SLAPD).exists():
        pytest.skip("slapd n'est pas installé")
    dossier, tls = tmp_path_factory.mktemp("slapd"), creer_serveur_tls(autorite)
    configuration = dossier / "slapd.conf"
    configuration.write_text(
        f"include /etc/ldap/schema/core.schema\npidfile {dossier}/pid\nmodulepath /usr/lib/ldap\n"
        f"moduleload back_mdb\nTLSCertificateFile {tls.chemin_certificat}\nTLSCertificateKeyFile {tls.chemin_cle}\n"
        f'database mdb\nsuffix "o=sesam-vitale,c=fr"\ndirectory {dossier}\nmaxsize 10485760\n'
    )
    contenu = dossier / "contenu.ldif"
    contenu.write_text("\n".join(ldif(organisme.certificat_der)))
    subprocess.run([SLAPD, "-T", "add", "-f", configuration, "-l", contenu], check=True, capture_output=True)
    clair, chiffre = port_libre(), port_libre()
    adresses = f"ldap://127.0.0.1:{clair}/ ldaps://127.0.0.1:{chiffre}/"
    processus = subprocess.Popen(
        [SLAPD, "-f", configuration, "-h", adresses, "-d", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        attendre(clair)
        yield clair, chiffre
    finally:
        processus.terminate()
        processus.wait(10)


def ldif(certificat: bytes) -> Iterator[str]:
    """The published tree."""
    yield "dn: o=sesam-vitale,c=fr\nobjectClass: organization\no: sesam-vitale\n"
    for branche in ("ou=AC-SESAM-VITALE-2034,o=sesam-vitale,c=fr", BASE):
        nom = branche.split(",")[0].removeprefix("ou=")
        yield f"dn: {branche}\nobjectClass: organizationalUnit\nou: {nom}\n"
    texte = base64.b64encode(certificat).decode()
    for rang in range(13):
        adresse = ADRESSE if rang else AUTRE
        yield (
            f"dn: uid={rang},{BASE}\nobjectClass: person\nobjectClass: uidObject\nobjectClass: pkiUser\nuid: {rang}\n"
            f"cn: {adresse}\nsn: {rang}\nuserCertificate;binary:: {texte}\n"
        )


def attendre(port: int) -> None:
    fin = time.monotonic() + 10
    while time.monotonic() < fin:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("slapd n'a pas démarré")


@pytest.mark.skipif(os.name == "nt", reason="slapd est un programme de Debian")
def test_un_vrai_annuaire_en_clair(slapd: tuple[int, int], organisme: Identite) -> None:
    annuaire = AnnuaireLdap(ParametresAnnuaire("127.0.0.1", slapd[0]))
    assert annuaire.chercher(AUTRE) == [organisme.certificat_der]
    assert annuaire.chercher(ADRESSE) == [organisme.certificat_der] * 10  # of twelve: answers are limited
    assert annuaire.chercher("*") == []
    assert AnnuaireLdap(ParametresAnnuaire("127.0.0.1", slapd[0], base="ou=ABSENTE,o=sesam-vitale,c=fr")).chercher(
        ADRESSE
    ) == []


def test_un_vrai_annuaire_par_ldaps(slapd: tuple[int, int], autorite: Path, organisme: Identite) -> None:
    """Read through a server whose certificate is checked, or not read at all."""
    reglages = {"hote": "localhost", "port": slapd[1], "protection": "ldaps"}
    ca = autorite / "autorite.pem"
    annuaire = AnnuaireLdap(ParametresAnnuaire(**reglages, ca=ca))
    assert (annuaire.chercher(AUTRE), annuaire.protege) == ([organisme.certificat_der], True)
    with pytest.raises(ErreurConnue) as refus:
        AnnuaireLdap(ParametresAnnuaire(**reglages)).chercher(AUTRE)
    assert refus.value.code == "ANNUAIRE_INJOIGNABLE"


def test_une_base_qui_n_est_pas_la_sienne(slapd: tuple[int, int]) -> None:
    with pytest.raises(ErreurConnue) as refus:
        AnnuaireLdap(ParametresAnnuaire("127.0.0.1", slapd[0], base="pas une base")).chercher(ADRESSE)
    assert refus.value.code in ("ANNUAIRE_REFUS", "ANNUAIRE_INJOIGNABLE")
