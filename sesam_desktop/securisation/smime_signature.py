"""Optional S/MIME signature of a whole message (CMS SignedData, RSA, SHA-256), put on before it is encrypted.

The signed message is carried inside the signature, unchanged to the byte. The signature says which workstation wrote
the mail; the invoices and the lot have their own, made by cards. Reading it does not say whether its certificate
deserves trust: that is for who reads.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

from sesam_desktop.base.fichiers import traduire
from sesam_desktop.noyau.erreurs import ErreurConnue

from .certificats import decrire, lire
from .signature import cle_privee, verifier
from .smime import entetes

_TYPE = (
    b"MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=\"smime.p7m\"\r\n"
    b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"smime.p7m\"\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class SceauCourriel:
    """The certificate and key of the workstation's mails (PEM). The key is never shown."""

    certificat: bytes
    cle_pem: bytes = field(repr=False)


def lire_sceau(certificat: Path, cle: Path | None, instant: datetime | None = None) -> SceauCourriel:
    """From their files; `cle` None when it stands with the certificate.

    Raises FICHIER_ABSENT…, CERTIFICAT_ILLISIBLE, CERTIFICAT_EXPIRE, CLE_ILLISIBLE, CLE_D_UN_AUTRE.
    """
    sceau = SceauCourriel(_octets(certificat), _octets(cle or certificat))
    decrit, maintenant = decrire(sceau.certificat), instant or datetime.now(UTC)
    if not decrit.debut <= maintenant <= decrit.fin:
        raise ErreurConnue(
            f"Le certificat qui signe les courriels n'est valable que du {decrit.debut:%d/%m/%Y} au"
            f" {decrit.fin:%d/%m/%Y}.",
            code="CERTIFICAT_EXPIRE", action="Indiquez un certificat valable, ou retirez la signature des courriels.",
        )
    if cle_privee(sceau.cle_pem).public_key() != lire(sceau.certificat).public_key():
        raise ErreurConnue(
            "La clé qui signe les courriels n'est pas celle de leur certificat.", code="CLE_D_UN_AUTRE",
            action="Indiquez le certificat et la clé délivrés ensemble.",
        )
    return sceau


def signer(mime: bytes, sceau: SceauCourriel) -> bytes:
    """`mime` inside its signature, as a message with the same addresses."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

    fabrique = PKCS7SignatureBuilder().set_data(mime)
    fabrique = fabrique.add_signer(lire(sceau.certificat), cle_privee(sceau.cle_pem), SHA256())
    der = fabrique.sign(Encoding.DER, [PKCS7Options.Binary])
    return entetes(mime) + _TYPE + base64.encodebytes(der).replace(b"\n", b"\r\n")


def deplier(mime: bytes) -> tuple[bytes, bytes]:
    """The message inside its signature and the DER certificate that made it; as it is, with b"", when not signed.

    Raises SIGNATURE_COURRIEL when the signature is not the message's, or cannot be read.
    """
    tete, *corps = re.split(rb"\r?\n\r?\n", mime, maxsplit=1)
    lu = message_from_bytes(tete)
    if lu.get_content_type() != "application/pkcs7-mime" or lu.get_param("smime-type") != "signed-data":
        return mime, b""
    try:
        return _verifier(base64.b64decode(corps[0]))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):  # what a damaged structure gives asn1crypto
        raise _invalide() from None


def _verifier(der: Any) -> tuple[bytes, bytes]:
    from asn1crypto import cms

    signe = cms.ContentInfo.load(der, strict=True)["content"]
    contenu, signataire = signe["encap_content_info"]["content"].native, signe["signer_infos"][0]
    attributs = signataire["signed_attrs"]
    annonces = [a["values"][0].native for a in attributs if a["type"].native == "message_digest"]
    certificat = _certificat(signe["certificates"], signataire["sid"].chosen)
    conforme = annonces == [hashlib.sha256(contenu).digest()]
    if not (conforme and verifier(certificat, attributs.untag().dump(force=True), signataire["signature"].native)):
        raise _invalide()
    return contenu, certificat


def _certificat(certificats: Any, nom: Any) -> bytes:
    """The one the signer names by issuer and serial number; b"" when it is not there."""
    voulus = (c.chosen for c in certificats if c.chosen.serial_number == nom["serial_number"].native)
    return next((c.dump() for c in voulus if c.issuer == nom["issuer"]), b"")


def _octets(chemin: Path) -> bytes:
    try:
        return chemin.read_bytes()
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur


def _invalide() -> ErreurConnue:
    return ErreurConnue(
        "La signature du courriel n'est pas celle de son contenu.", code="SIGNATURE_COURRIEL",
        action="Demandez un nouvel envoi à l'émetteur.",
    )
