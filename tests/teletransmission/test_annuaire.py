"""The directory of certificates: a directory in memory, then a real slapd, asked as the published one is."""

from __future__ import annotations

import base64
import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def ber(marque: int, *contenus: bytes) -> bytes:
    """One BER element, with a length of three bytes."""
    contenu = b"".join(contenus)
    return bytes((marque, 0x83)) + len(contenu).to_bytes(3, "big") + contenu


Suite = Callable[[bytes], Iterator[bytes]]  # what a directory says, by the number of the request


def repondre(numero: bytes, marque: int, *contenus: bytes) -> bytes:
    return ber(0x30, ber(0x02, numero), ber(marque, *contenus))


def lire_numero(prise: socket.socket) -> bytes:
    """Of the request: the library numbers them over the whole process."""
    octets = prise.recv(4096)
    debut = octets.index(b"\x02", 1 + (octets[1] > 0x7F)) + 2  # after a length of one byte or two
    return octets[debut : debut + octets[debut - 1]]


REUSSI = (ber(0x0A, b"\0"), ber(0x04), ber(0x04))


def fin(numero: bytes) -> bytes:
    return repondre(numero, 0x65, *REUSSI)


def une_entree(numero: bytes, valeur: bytes) -> bytes:
    attribut = ber(0x30, ber(0x04, b"userCertificate;binary"), ber(0x31, ber(0x04, valeur)))
    return repondre(numero, 0x64, ber(0x04, b"uid=1"), ber(0x30, attribut))


@contextlib.contextmanager
def annuaire_joue(suite: Suite) -> Iterator[AnnuaireLdap]:
    """Before a directory that accepts the bind, then says `suite`."""
    with socket.create_server(("127.0.0.1", 0)) as ecoute:

        def servir() -> None:
            prise, _ = ecoute.accept()
            with prise, contextlib.suppress(OSError):
                prise.sendall(repondre(lire_numero(prise), 0x61, *REUSSI))
                for octets in suite(lire_numero(prise)):
                    prise.sendall(octets)

        fil = threading.Thread(target=servir)
        fil.start()
        try:
            yield AnnuaireLdap(ParametresAnnuaire("127.0.0.1", ecoute.getsockname()[1], delai_s=1))
        finally:
            fil.join(10)


def au_compte_gouttes(numero: bytes) -> Iterator[bytes]:
    for octet in une_entree(numero, b"x" * 400):
        yield bytes((octet,))
        time.sleep(0.02)


def test_un_annuaire_joue_repond() -> None:
    """The double below is one that the library understands."""
    with annuaire_joue(lambda n: iter((une_entree(n, b"abc") + une_entree(n, b"def"), fin(n)))) as annuaire:
        assert annuaire.chercher(ADRESSE) == [b"abc", b"def"]


@pytest.mark.parametrize(
    "suite",
    [
        lambda n: iter((une_entree(n, b"court"),) * 100_000),                       # entries without end
        lambda n: iter((une_entree(n, b"c" * 90) * 10_000, fin(n))),                # ten thousand, well written
        lambda n: iter((b"\x30\x84\x7f\xff\xff\xff", *(b"\0" * 65_536,) * 40)),  # one value of two gigabytes
        lambda n: iter((repondre(n, 0x64, b"\xff\xff\xff"),)),                      # an entry that is none
        lambda n: iter((repondre(n, 0x7F, b""),)),                                  # an answer of no kind
        lambda n: iter((une_entree(n, b"coupe")[:-3],)),                            # cut in its middle
        lambda n: iter(()),                                                         # hung up
        au_compte_gouttes,
    ],
)
def test_un_annuaire_hostile(suite: Suite) -> None:
    """It never makes the workstation wait, swell nor break."""
    debut = time.monotonic()
    with annuaire_joue(suite) as annuaire, pytest.raises(ErreurConnue) as refus:
        annuaire.chercher(ADRESSE)
    assert refus.value.code == "ANNUAIRE_INJOIGNABLE"
    assert time.monotonic() - debut < 4


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=60))
def test_n_importe_quelle_reponse(debris: bytes) -> None:
    with annuaire_joue(lambda n: iter((repondre(n, 0x64, debris), fin(n)))) as annuaire:
        try:
            assert isinstance(annuaire.chercher(ADRESSE), list)
        except ErreurConnue as erreur:
            assert erreur.code in ("ANNUAIRE_INJOIGNABLE", "ANNUAIRE_REFUS")


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
