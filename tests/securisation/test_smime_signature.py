"""Signature of the mails: what openssl says of it, what is read back, what is refused."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation import smime
from sesam_desktop.securisation.autorite import Identite, creer_autorite
from sesam_desktop.securisation.smime_signature import SceauCourriel, deplier, lire_sceau, signer

from .test_smime import MESSAGE


@pytest.fixture(scope="session")
def sceau(cps: Identite) -> SceauCourriel:
    return SceauCourriel(cps.certificat_pem, cps.cle_pem)


def test_openssl_verifie_la_signature_jusqu_a_l_autorite(cps: Identite, sceau: SceauCourriel, tmp_path: Path) -> None:
    signe, autorite = tmp_path / "signe.eml", creer_autorite(cps.chemin_certificat.parent).chemin_certificat
    signe.write_bytes(signer(MESSAGE, sceau))
    commande = ["openssl", "cms", "-verify", "-in", signe, "-CAfile", autorite, "-purpose", "any"]
    lu = subprocess.run(commande, check=True, capture_output=True)
    assert lu.stdout == MESSAGE
    altere = tmp_path / "altere.eml"
    octets = bytearray(signe.read_bytes())
    octets[-400] = ord("A") if octets[-400] != ord("A") else ord("B")
    altere.write_bytes(octets)
    assert subprocess.run([*commande[:4], altere, *commande[5:]], check=False, capture_output=True).returncode


def test_openssl_ouvre_puis_verifie_ce_qui_part(
    cps: Identite, organisme: Identite, sceau: SceauCourriel, tmp_path: Path
) -> None:
    """Signed, then encrypted: the two openssl commands one after the other give the message back."""
    envoi, dedans = tmp_path / "envoi.eml", tmp_path / "dedans.eml"
    envoi.write_bytes(smime.envelopper(signer(MESSAGE, sceau), organisme.certificat_der))
    ouvrir = ["openssl", "cms", "-decrypt", "-in", envoi, "-inkey", organisme.chemin_cle]
    subprocess.run([*ouvrir, "-recip", organisme.chemin_certificat, "-out", dedans], check=True, capture_output=True)
    verifier = ["openssl", "cms", "-verify", "-noverify", "-in", dedans]
    assert subprocess.run(verifier, check=True, capture_output=True).stdout == MESSAGE


def test_python_lit_la_structure(sceau: SceauCourriel) -> None:
    signe = signer(MESSAGE, sceau)
    lu, origine = (message_from_bytes(m, policy=policy.default) for m in (signe, MESSAGE))
    assert (lu.get_content_type(), lu.get_param("smime-type")) == ("application/pkcs7-mime", "signed-data")
    assert lu.get_filename() == "smime.p7m"
    for nom in ("From", "To", "Date", "Subject", "Message-ID"):
        assert lu[nom] == origine[nom]
    assert lu["X-Interne"] is None
    assert max(map(len, signe.split(b"\r\n"))) <= 998 and b"\n" not in signe.replace(b"\r\n", b"")


@settings(max_examples=25, deadline=None)
@given(corps=st.binary(max_size=300))
def test_aller_et_retour_exact(cps: Identite, sceau: SceauCourriel, corps: bytes) -> None:
    message = b"Subject: x\r\n\r\n" + corps
    assert deplier(signer(message, sceau)) == (message, cps.certificat_der)


@pytest.mark.parametrize("message", [MESSAGE, b"", b"\x00\xff"])
def test_ce_qui_n_est_pas_signe_reste_tel_quel(message: bytes) -> None:
    assert deplier(message) == (message, b"")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_une_signature_alteree_est_refusee_ou_dit_le_meme_contenu(sceau: SceauCourriel, data: st.DataObject) -> None:
    """Whatever octet changes, no other content is ever taken for signed."""
    octets = bytearray(signer(MESSAGE, sceau))
    debut = octets.index(b"\r\n\r\n") + 4
    octets[data.draw(st.integers(debut, len(octets) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        contenu, _ = deplier(bytes(octets))
    except ErreurConnue as erreur:
        assert erreur.code in ("SIGNATURE_COURRIEL", "CERTIFICAT_ILLISIBLE")
    else:
        assert contenu == MESSAGE


@settings(max_examples=60, deadline=None)
@given(corps=st.binary(max_size=200))
def test_n_importe_quoi_a_la_place_de_la_signature(corps: bytes) -> None:
    entete = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\n"
    with pytest.raises(ErreurConnue) as refus:
        deplier(entete + corps)
    assert refus.value.code == "SIGNATURE_COURRIEL"


def test_le_sceau_lu_de_ses_fichiers(cps: Identite, organisme: Identite, tmp_path: Path) -> None:
    ensemble = tmp_path / "ensemble.pem"
    ensemble.write_bytes(cps.certificat_pem + cps.cle_pem)
    assert deplier(signer(MESSAGE, lire_sceau(ensemble, None)))[0] == MESSAGE
    assert "PRIVATE" not in repr(lire_sceau(cps.chemin_certificat, cps.chemin_cle))
    for certificat, cle, instant, code in (
        (cps.chemin_certificat, organisme.chemin_cle, None, "CLE_D_UN_AUTRE"),
        (cps.chemin_certificat, cps.chemin_cle, datetime(2100, 1, 1, tzinfo=UTC), "CERTIFICAT_EXPIRE"),
        (cps.chemin_certificat, cps.chemin_certificat, None, "CLE_ILLISIBLE"),
        (tmp_path / "absent.pem", None, None, "FICHIER_ABSENT"),
    ):
        with pytest.raises(ErreurConnue) as refus:
            lire_sceau(certificat, cle, instant)
        assert refus.value.code == code and refus.value.action
