"""Who signed, and is it true: certificates under the demonstration authority, RSA signatures over clear bytes.

Own code over the cryptographic library, so that a mistake of the signing side is not repeated here.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sesam_desktop.flux.enveloppe import SignatureJointe

from .refus import Motif, Refus

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509 import Certificate

ALGORITHME = "RSA-PKCS1v15-SHA256"
_CONNUS_MAX = 10_000


class Verificateur:
    """Checks signatures. Certificates already checked are remembered: a pharmacy signs with one card all day.

    Without an authority, who issued the certificates is not judged; the rest is.
    """

    def __init__(self, autorite_der: bytes | None) -> None:
        from cryptography.x509 import load_der_x509_certificate

        self._autorite = load_der_x509_certificate(autorite_der) if autorite_der else None
        self._connus: dict[bytes, tuple[RSAPublicKey, datetime, datetime]] = {}

    def exiger(self, signature: SignatureJointe, octets: bytes, quoi: str) -> None:
        """Raises Refus SIG, naming `quoi`, unless this signature over `octets` is good and was allowed when made."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        if signature.algorithme != ALGORITHME:
            raise Refus(Motif.SIGNATURE, f"{quoi} : algorithme de signature non admis.")
        cle, debut, fin = self._cle(signature.certificat, quoi)
        if not debut <= signature.signe_le <= fin:
            raise Refus(Motif.SIGNATURE, f"{quoi} : certificat hors de sa période de validité.")
        try:
            cle.verify(signature.valeur, octets, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise Refus(Motif.SIGNATURE, f"{quoi} : signature fausse.") from None

    def _cle(self, der: bytes, quoi: str) -> tuple[RSAPublicKey, datetime, datetime]:
        if der not in self._connus:
            if len(self._connus) >= _CONNUS_MAX:
                self._connus.clear()
            self._connus[der] = self._controler(der, quoi)
        return self._connus[der]

    def _controler(self, der: bytes, quoi: str) -> tuple[RSAPublicKey, datetime, datetime]:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
        from cryptography.x509 import load_der_x509_certificate

        try:
            certificat = load_der_x509_certificate(der)
            if self._autorite is not None:
                certificat.verify_directly_issued_by(self._autorite)
            cle = certificat.public_key()
            signe = _peut_signer(certificat)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            raise Refus(Motif.SIGNATURE, f"{quoi} : certificat qui ne vient pas de l'autorité.") from None
        if not isinstance(cle, RSAPublicKey) or not signe:
            raise Refus(Motif.SIGNATURE, f"{quoi} : certificat qui ne permet pas de signer.")
        return cle, certificat.not_valid_before_utc, certificat.not_valid_after_utc


def _peut_signer(certificat: Certificate) -> bool:
    from cryptography.x509 import ExtensionNotFound, KeyUsage

    try:
        return certificat.extensions.get_extension_for_class(KeyUsage).value.digital_signature
    except ExtensionNotFound:
        return False
