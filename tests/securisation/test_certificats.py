from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation import autorite, certificats
from sesam_desktop.securisation.autorite import Identite
from sesam_desktop.securisation.certificats import Magasin

ADRESSE = "01721@721.01.rss.fr"


def _code(action: object, *arguments: object) -> str:
    with pytest.raises(ErreurConnue) as refus:
        action(*arguments)  # type: ignore[operator]
    assert refus.value.action
    return refus.value.code


def test_ajouter_puis_trouver(tmp_path: Path, organisme: Identite) -> None:
    magasin = Magasin(tmp_path / "certificats")
    ajoute = magasin.ajouter(ADRESSE, organisme.certificat_der)
    assert magasin.de(ADRESSE.upper()).der == ajoute.der == organisme.certificat_der
    assert ajoute.pem == organisme.certificat_pem
    assert [c.adresse for c in magasin.lister()] == [ADRESSE]


def test_certificat_absent(tmp_path: Path) -> None:
    assert _code(Magasin(tmp_path).de, ADRESSE) == "CERTIFICAT_ABSENT"
    assert Magasin(tmp_path).lister() == []


def test_certificat_expire_ou_pas_encore_valable(tmp_path: Path, organisme: Identite) -> None:
    certificat = Magasin(tmp_path).ajouter(ADRESSE, organisme.certificat_pem)
    for instant in (certificat.fin + timedelta(seconds=1), certificat.debut - timedelta(seconds=1)):
        assert _code(Magasin(tmp_path, lambda instant=instant: instant).de, ADRESSE) == "CERTIFICAT_EXPIRE"
    assert Magasin(tmp_path, lambda: certificat.fin).de(ADRESSE) == certificat


@pytest.mark.parametrize("adresse", ["", "organisme", "../../etc@x", "a@b/../c", "a@b\0", "@b", "a b@c"])
def test_une_adresse_qui_n_en_est_pas_une_ne_touche_aucun_fichier(tmp_path: Path, adresse: str) -> None:
    assert _code(Magasin(tmp_path).de, adresse) == "ADRESSE_INVALIDE"


def test_fichier_illisible(tmp_path: Path) -> None:
    (tmp_path / f"{ADRESSE}.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    assert _code(Magasin(tmp_path).de, ADRESSE) == "CERTIFICAT_ILLISIBLE"
    assert Magasin(tmp_path).lister() == []
    (tmp_path / f"{ADRESSE}.pem").unlink()
    (tmp_path / f"{ADRESSE}.pem").mkdir()
    assert _code(Magasin(tmp_path).de, ADRESSE) == "CHEMIN_INVALIDE"


def test_une_cle_qui_n_est_pas_rsa_est_refusee() -> None:
    certificat = autorite._certifier(ec.generate_private_key(ec.SECP256R1()), "COURBE DE TEST", None, ())
    from cryptography.hazmat.primitives.serialization import Encoding

    assert _code(certificats.decrire, certificat.public_bytes(Encoding.PEM)) == "CERTIFICAT_ILLISIBLE"


@given(st.binary(max_size=200) | st.binary(max_size=50).map(lambda b: b"-----BEGIN CERTIFICATE-----\n" + b))
def test_n_importe_quels_octets_sont_refuses(octets: bytes) -> None:
    assert _code(certificats.decrire, octets) == "CERTIFICAT_ILLISIBLE"


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@given(st.data())
def test_un_certificat_altere_est_lu_ou_refuse(organisme: Identite, data: st.DataObject) -> None:
    octets = bytearray(organisme.certificat_der)
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        certificats.decrire(bytes(octets))
    except ErreurConnue as erreur:
        assert erreur.code == "CERTIFICAT_ILLISIBLE"
