from __future__ import annotations

import hashlib
import hmac
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation import chiffrement
from sesam_desktop.securisation.autorite import Identite
from sesam_desktop.securisation.chiffrement import CleSession, ProfilZones

CLE = CleSession(bytes(range(16)))
PROFILS = list(ProfilZones)


def _code(action: object, *arguments: object) -> str:
    with pytest.raises(ErreurConnue) as refus:
        action(*arguments)  # type: ignore[operator]
    return refus.value.code


@pytest.mark.parametrize("profil", PROFILS)
@given(clair=st.binary(max_size=200), cle=st.binary(min_size=16, max_size=16))
def test_aller_et_retour(profil: ProfilZones, clair: bytes, cle: bytes) -> None:
    chiffre = chiffrement.chiffrer_zones(clair, CleSession(cle), profil)
    assert chiffrement.dechiffrer_zones(chiffre, CleSession(cle), profil) == clair


@pytest.mark.parametrize(("profil", "nom", "bloc"), [("3DES-CBC", "des-ede-cbc", 8), ("AES-CBC", "aes-128-cbc", 16)])
def test_openssl_dechiffre(profil: str, nom: str, bloc: int) -> None:
    """IV, then two-key triple DES (or AES-128) in CBC with PKCS#7 padding, then 32 bytes of seal."""
    octets = chiffrement.chiffrer_zones(b"CIP 3400930000007", CLE, ProfilZones(profil))
    commande = ["openssl", "enc", "-d", f"-{nom}", "-K", CLE.octets.hex(), "-iv", octets[:bloc].hex()]
    clair = subprocess.run(commande, input=octets[bloc:-32], check=True, capture_output=True).stdout
    assert clair == b"CIP 3400930000007"


def test_le_sceau_est_celui_de_la_description() -> None:
    """HMAC-SHA256(HMAC-SHA256(session key, usage), profile 00 IV ciphertext)."""
    octets = chiffrement.chiffrer_zones(b"x", CLE, ProfilZones.AES_CBC)
    cle_du_sceau = hmac.new(CLE.octets, b"sesam-desktop/zones/sceau", hashlib.sha256).digest()
    attendu = hmac.new(cle_du_sceau, b"AES-CBC\0" + octets[:-32], hashlib.sha256).digest()
    assert octets[-32:] == attendu


def test_le_meme_clair_donne_toujours_un_autre_chiffre() -> None:
    assert len({chiffrement.chiffrer_zones(b"x", CLE) for _ in range(20)}) == 20


@pytest.mark.parametrize("profil", PROFILS)
@given(data=st.data())
def test_un_octet_change_n_importe_ou_est_vu(profil: ProfilZones, data: st.DataObject) -> None:
    octets = bytearray(chiffrement.chiffrer_zones(b"CIP 3400930000007", CLE, profil))
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= data.draw(st.integers(1, 255))
    assert _code(chiffrement.dechiffrer_zones, bytes(octets), CLE, profil) == "ZONES_ILLISIBLES"


@given(st.binary(max_size=100))
def test_n_importe_quels_octets_sont_refuses(octets: bytes) -> None:
    assert _code(chiffrement.dechiffrer_zones, octets, CLE) == "ZONES_ILLISIBLES"


def test_une_autre_cle_ou_un_autre_profil_sont_refuses() -> None:
    octets = chiffrement.chiffrer_zones(b"x", CLE, ProfilZones.TDES_CBC)
    assert _code(chiffrement.dechiffrer_zones, octets, CleSession(b"\1" * 16)) == "ZONES_ILLISIBLES"
    assert _code(chiffrement.dechiffrer_zones, octets, CLE, ProfilZones.AES_CBC) == "ZONES_ILLISIBLES"


def test_la_cle_est_neuve_et_de_128_bits() -> None:
    cles = {chiffrement.nouvelle_cle().octets for _ in range(50)}
    assert len(cles) == 50
    assert {len(cle) for cle in cles} == {16}


def test_jamais_deux_moities_egales(monkeypatch: pytest.MonkeyPatch) -> None:
    tirages = iter([b"A" * 16, bytes(range(16))])
    monkeypatch.setattr(chiffrement.secrets, "token_bytes", lambda _: next(tirages))
    assert chiffrement.nouvelle_cle() == CLE


@pytest.mark.parametrize("taille", [0, 8, 15, 17, 24])
def test_une_cle_d_une_autre_taille_est_refusee(taille: int) -> None:
    assert _code(CleSession, bytes(taille)) == "ZONES_ILLISIBLES"


def test_la_cle_voyage_pour_un_seul_destinataire(organisme: Identite, cps: Identite) -> None:
    enveloppe = chiffrement.envelopper_cle(CLE, organisme.certificat_der)
    assert len(enveloppe) == 256
    assert chiffrement.ouvrir_cle(enveloppe, organisme.cle_pem) == CLE
    assert _code(chiffrement.ouvrir_cle, enveloppe, cps.cle_pem) == "ZONES_ILLISIBLES"


@settings(max_examples=20, deadline=None)
@given(octets=st.binary(max_size=300))
def test_une_fausse_enveloppe_est_refusee(organisme: Identite, octets: bytes) -> None:
    assert _code(chiffrement.ouvrir_cle, octets, organisme.cle_pem) == "ZONES_ILLISIBLES"


def test_la_cle_ne_s_affiche_pas() -> None:
    assert repr(CLE) == f"{CLE}" == "<CleSession>"
