from __future__ import annotations

import subprocess
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation import smime
from sesam_desktop.securisation.autorite import Identite

MESSAGE = (
    b"From: ps@exemple.invalid\r\nTo: 01721@721.01.rss.fr\r\nDate: Mon, 02 Mar 2026 10:00:00 +0100\r\n"
    b"Subject: =?utf-8?q?t=C3=A9l=C3=A9transmission?=\r\n and a second line\r\nMessage-ID: <1.2@exemple.invalid>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=latin-1\r\nX-Interne: secret\r\n\r\nbonjour \xe9\r\n"
)


def test_openssl_ouvre_l_enveloppe(organisme: Identite, tmp_path: Path) -> None:
    enveloppe = tmp_path / "enveloppe.eml"
    enveloppe.write_bytes(smime.envelopper(MESSAGE, organisme.certificat_der))
    commande = ["openssl", "cms", "-decrypt", "-in", enveloppe, "-inkey", organisme.chemin_cle]
    sortie = subprocess.run([*commande, "-recip", organisme.chemin_certificat], check=True, capture_output=True).stdout
    assert sortie == MESSAGE


def test_les_entetes_du_courrier_sont_recopies_et_eux_seuls(organisme: Identite) -> None:
    enveloppe = smime.envelopper(MESSAGE, organisme.certificat_pem)
    lu, origine = (message_from_bytes(m, policy=policy.default) for m in (enveloppe, MESSAGE))
    for nom in ("From", "To", "Date", "Subject", "Message-ID"):
        assert lu[nom] == origine[nom]
    assert lu.get_content_type() == "application/pkcs7-mime"
    assert lu["X-Interne"] is None
    assert b"bonjour" not in enveloppe
    assert b"\n" not in enveloppe.replace(b"\r\n", b"")
    assert max(map(len, enveloppe.split(b"\r\n"))) <= 998  # RFC 5322 §2.1.1


@settings(max_examples=25, deadline=None)
@given(corps=st.binary(max_size=300))
def test_aller_et_retour_exact(organisme: Identite, corps: bytes) -> None:
    for message in (corps, b"Subject: x\r\n\r\n" + corps):
        enveloppe = smime.envelopper(message, organisme.certificat_der)
        assert smime.ouvrir(enveloppe, organisme.certificat_der, organisme.cle_pem) == message


def test_un_autre_ne_peut_pas_l_ouvrir(organisme: Identite, cps: Identite) -> None:
    enveloppe = smime.envelopper(MESSAGE, organisme.certificat_der)
    with pytest.raises(ErreurConnue) as refus:
        smime.ouvrir(enveloppe, cps.certificat_der, cps.cle_pem)
    assert refus.value.code == "MESSAGE_ILLISIBLE"


@pytest.mark.parametrize("octets", [b"", MESSAGE, b"Content-Type: application/pkcs7-mime\r\n\r\nAAAA\r\n"])
def test_ce_qui_n_est_pas_une_enveloppe_est_refuse(organisme: Identite, octets: bytes) -> None:
    with pytest.raises(ErreurConnue) as refus:
        smime.ouvrir(octets, organisme.certificat_der, organisme.cle_pem)
    assert refus.value.code == "MESSAGE_ILLISIBLE"


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_une_enveloppe_alteree_est_refusee_ou_rend_autre_chose(organisme: Identite, data: st.DataObject) -> None:
    """CMS EnvelopedData has no integrity of its own: what must not happen is anything but a typed refusal."""
    octets = bytearray(smime.envelopper(MESSAGE, organisme.certificat_der))
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        smime.ouvrir(bytes(octets), organisme.certificat_der, organisme.cle_pem)
    except ErreurConnue as erreur:
        assert erreur.code == "MESSAGE_ILLISIBLE"
