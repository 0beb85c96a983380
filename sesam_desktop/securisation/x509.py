"""Reading a certificate: what it says, whom it is for, who issued it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509 import Certificate

_ADRESSE = re.compile(r"[a-z0-9][a-z0-9._+-]*@[a-z0-9][a-z0-9.-]*")
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Certificat:
    """The certificate of an address. `pem` and `der` are the same certificate."""

    adresse: str
    sujet: str
    debut: datetime
    fin: datetime
    der: bytes
    pem: bytes
    emetteur: str = ""


def est_adresse(texte: str) -> bool:
    """Whether it may be the address of an organisme, and the name of a file."""
    return bool(_ADRESSE.fullmatch(texte.lower()))


def blocs(octets: bytes) -> list[bytes]:
    """The certificates of a PEM file one by one; a DER file is its only one."""
    return _PEM.findall(octets) or [octets]


def adresse_de(octets: bytes) -> str:
    """The address a certificate was made for: its common name, as the directory of organismes does; "" if none."""
    from cryptography.x509.oid import NameOID

    noms = [str(nom.value).lower() for nom in lire(octets).subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return next((nom for nom in noms if est_adresse(nom)), "")


def decouper(octets: bytes, adresse: str) -> list[Certificat]:
    """The certificates of a file. Raises CERTIFICAT_ILLISIBLE for a file that holds none."""
    return [decrire(bloc, adresse) for bloc in blocs(octets)]


@lru_cache(maxsize=64)
def emis_par(certificat: bytes, autorite: bytes) -> bool:
    """True when `autorite` itself signed this certificate: names and signature; dates are for the caller."""
    from cryptography.exceptions import InvalidSignature

    try:
        lire(certificat).verify_directly_issued_by(lire(autorite))
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def est_autorite(certificat: Certificate) -> bool:
    """True when it says that it may issue others."""
    from cryptography import x509

    try:
        return certificat.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def lire(octets: bytes) -> Certificate:
    """A certificate from PEM or DER. Raises CERTIFICAT_ILLISIBLE."""
    from cryptography import x509

    charger = x509.load_pem_x509_certificate if b"-----BEGIN" in octets else x509.load_der_x509_certificate
    try:
        return charger(octets)
    except (ValueError, x509.InvalidVersion) as erreur:
        raise _illisible() from erreur


def cle_publique(octets: bytes) -> RSAPublicKey:
    """The RSA public key of a certificate (PEM or DER). Raises CERTIFICAT_ILLISIBLE for any other key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    try:
        cle = lire(octets).public_key()
    except (ValueError, UnsupportedAlgorithm) as erreur:
        raise _sans_rsa() from erreur
    if not isinstance(cle, RSAPublicKey):
        raise _sans_rsa()
    return cle


@lru_cache(maxsize=64)
def decrire(octets: bytes, adresse: str = "") -> Certificat:
    """What `Magasin` gives for a certificate already in hand. Kept once read: it is asked for each invoice of a lot."""
    from cryptography.hazmat.primitives.serialization import Encoding

    cle_publique(octets)
    lu = lire(octets)
    try:
        return Certificat(
            adresse, lu.subject.rfc4514_string(), lu.not_valid_before_utc, lu.not_valid_after_utc,
            lu.public_bytes(Encoding.DER), lu.public_bytes(Encoding.PEM), lu.issuer.rfc4514_string(),
        )
    except ValueError as erreur:  # the parts of a certificate are parsed when they are read
        raise _illisible() from erreur


def _illisible() -> ErreurConnue:
    return ErreurConnue(
        "Le certificat ne peut pas être lu.", code="CERTIFICAT_ILLISIBLE",
        action="Fournissez un certificat X.509 au format PEM ou DER.",
    )


def _sans_rsa() -> ErreurConnue:
    return ErreurConnue(
        "Le certificat ne contient pas de clé RSA.", code="CERTIFICAT_ILLISIBLE",
        action="Fournissez un certificat dont la clé est RSA.",
    )
