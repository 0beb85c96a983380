from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.cartes.atr import GenreCarte
from sesam_desktop.lecteurs.canal import SessionCarte
from sesam_desktop.lecteurs.emulation_cps import CpsVirtuelle
from sesam_desktop.lecteurs.lecture import verifier_code
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation.autorite import Identite
from sesam_desktop.securisation.signature import SignataireCarte, cle_privee, verifier

OCTETS = b"2 000000001 enregistrements en clair" * 20


def test_openssl_verifie_la_signature(cps: Identite, tmp_path: Path) -> None:
    """An independent eye on algorithm and padding."""
    (tmp_path / "octets").write_bytes(OCTETS)
    (tmp_path / "signature").write_bytes(cps.signataire("ps").signer(OCTETS))
    publique = subprocess.run(
        ["openssl", "x509", "-in", cps.chemin_certificat, "-pubkey", "-noout"], check=True, capture_output=True
    ).stdout
    (tmp_path / "publique.pem").write_bytes(publique)
    commande = ["openssl", "dgst", "-sha256", "-verify", "publique.pem", "-signature", "signature", "octets"]
    sortie = subprocess.run(commande, check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    assert sortie.strip() == "Verified OK"


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300), st.data())
def test_signer_verifier_et_un_bit_change(cps: Identite, vitale: Identite, octets: bytes, data: st.DataObject) -> None:
    signature = cps.signataire("ps").signer(octets)
    assert verifier(cps.certificat_der, octets, signature)
    assert verifier(cps.certificat_pem, octets, signature)
    assert not verifier(vitale.certificat_der, octets, signature)
    assert not verifier(cps.certificat_der, octets + b"x", signature)
    alteree = bytearray(signature)
    alteree[data.draw(st.integers(0, len(signature) - 1))] ^= 1
    assert not verifier(cps.certificat_der, octets, bytes(alteree))


@pytest.mark.parametrize("signature", [b"", b"\0" * 256, b"\xff" * 256, b"x" * 300])
def test_n_importe_quoi_n_est_pas_une_signature(cps: Identite, signature: bytes) -> None:
    assert not verifier(cps.certificat_der, OCTETS, signature)


@pytest.mark.parametrize("octets", [b"", b"x" * 63, b"x" * 64, b"x" * 65, OCTETS])
def test_la_carte_signe_comme_la_cle(cps: Identite, octets: bytes) -> None:
    """PKCS#1 v1.5 is deterministic: card and key give the very same bytes."""
    puce = CpsVirtuelle("8000000001", {}, code="1234", signer=cps.signataire("ps").signer_condensat)
    lectures = []

    def lire_certificat(session: SessionCarte) -> bytes:
        lectures.append(session)
        return cps.certificat_der

    with CanalVirtuel({"Lecteur": puce}).connecter("Lecteur") as session:
        assert session.fente.carte is GenreCarte.CPS3
        verifier_code(session, "1234")
        signataire = SignataireCarte(session, "ps", lire_certificat)
        assert signataire.signer(octets) == cps.signataire("ps").signer(octets)
        assert signataire.certificat() == signataire.certificat() == cps.certificat_der
        assert (len(lectures), repr(signataire)) == (1, "<SignataireCarte ps>")


@pytest.mark.parametrize(
    "pem",
    [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"],
)
def test_cle_illisible(pem: bytes) -> None:
    with pytest.raises(ErreurConnue) as refus:
        cle_privee(pem)
    assert refus.value.code == "CLE_ILLISIBLE"


def test_une_cle_chiffree_ou_d_un_autre_genre_est_refusee() -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    courbe = generate_private_key(SECP256R1())
    for protection in (NoEncryption(), BestAvailableEncryption(b"secret")):
        with pytest.raises(ErreurConnue) as refus:
            cle_privee(courbe.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection))
        assert refus.value.code == "CLE_ILLISIBLE"
