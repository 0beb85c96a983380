"""Who signs, and how a signature is checked: RSA PKCS#1 v1.5 over SHA-256 of the bytes given.

Signing by card or key is a profile of the project: the commands of the real Vitale are not public.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from sesam_desktop.noyau.erreurs import ErreurConnue

from .certificats import cle_publique

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from sesam_desktop.lecteurs.canal import SessionCarte

ALGORITHME = "RSA-PKCS1v15-SHA256"
VITALE, PS = "vitale", "ps"


class Signataire(Protocol):
    """Signs in the name of `porteur` (``vitale`` or ``ps``)."""

    @property
    def porteur(self) -> str: ...

    def certificat(self) -> bytes:
        """DER certificate of the key that signs."""
        ...

    def signer(self, octets: bytes) -> bytes:
        """Signature of `octets`. Raises an ErreurConnue when the card cannot sign."""
        ...


class SignataireCle:
    """A key in a file: demonstration, tests, and the chip of the virtual cards."""

    def __init__(self, porteur: str, cle_pem: bytes, certificat: bytes) -> None:
        self.porteur = porteur
        self._cle = cle_privee(cle_pem)
        self._certificat = certificat

    def certificat(self) -> bytes:
        return self._certificat

    def signer(self, octets: bytes) -> bytes:
        return self.signer_condensat(hashlib.sha256(octets).digest())

    def signer_condensat(self, condensat: bytes) -> bytes:
        """Signature of bytes of which only the SHA-256 is known: what a card does."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
        from cryptography.hazmat.primitives.hashes import SHA256

        return self._cle.sign(condensat, PKCS1v15(), Prehashed(SHA256()))

    def __repr__(self) -> str:
        return f"<SignataireCle {self.porteur}>"


class SignataireCarte:
    """A card in a reader, by APDU. `lire_certificat` is asked once, when first needed."""

    def __init__(self, session: SessionCarte, porteur: str, lire_certificat: Callable[[SessionCarte], bytes]) -> None:
        self.porteur = porteur
        self._session = session
        self._lire_certificat = lire_certificat
        self._certificat: bytes | None = None

    def certificat(self) -> bytes:
        if self._certificat is None:
            self._certificat = self._lire_certificat(self._session)
        return self._certificat

    def signer(self, octets: bytes) -> bytes:
        from sesam_desktop.lecteurs.signature_carte import signer_par_carte

        return signer_par_carte(self._session, octets)

    def __repr__(self) -> str:
        return f"<SignataireCarte {self.porteur}>"


def verifier(certificat: bytes, octets: bytes, signature: bytes) -> bool:
    """True when `signature` was made over `octets` by the key of `certificat` (DER or PEM)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        cle_publique(certificat).verify(signature, octets, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=8)
def cle_privee(cle_pem: bytes) -> RSAPrivateKey:
    """An RSA private key from PEM. Raises CLE_ILLISIBLE; the key is never in the message.

    Kept once read: checking that the numbers are an RSA key takes a hundred times longer than signing.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        cle = load_pem_private_key(cle_pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        cle = None
    if not isinstance(cle, RSAPrivateKey):
        raise ErreurConnue(
            "La clé privée ne peut pas être lue.", code="CLE_ILLISIBLE", action="Fournissez une clé RSA au format PEM."
        )
    return cle
