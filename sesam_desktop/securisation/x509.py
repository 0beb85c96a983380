"""Reading a certificate: what it says, whom it is for, who issued it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

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


def adresses_de(octets: bytes) -> tuple[str, ...]:
    """The addresses a certificate was made for: its common name, as in the directory of organismes, then others."""
    from cryptography.x509 import RFC822Name, SubjectAlternativeName
    from cryptography.x509.oid import NameOID

    lu = lire(octets)
    noms = [nom.value for oid in (NameOID.COMMON_NAME, NameOID.EMAIL_ADDRESS) for nom in _du_sujet(lu, oid)]
    if (autres := _extension(lu, SubjectAlternativeName)) is not None:
        noms += autres.get_values_for_type(RFC822Name)
    return tuple(dict.fromkeys(nom for nom in (str(nom).lower() for nom in noms) if est_adresse(nom)))


def peut_chiffrer(octets: bytes) -> bool:
    """Whether its holder may be written to: what it is for says so, or it says nothing of it."""
    from cryptography.x509 import KeyUsage

    usages = _extension(lire(octets), KeyUsage)
    return usages is None or usages.key_encipherment or usages.data_encipherment


def _du_sujet(certificat: Certificate, oid: Any) -> list[Any]:
    try:
        return certificat.subject.get_attributes_for_oid(oid)
    except ValueError as erreur:  # the parts of a certificate are parsed when they are read
        raise _illisible() from erreur


def _extension(certificat: Certificate, genre: type[Any]) -> Any:
    """The extension of this kind, None when it is not there. Raises CERTIFICAT_ILLISIBLE."""
    from cryptography.x509 import DuplicateExtension, ExtensionNotFound

    try:
        return certificat.extensions.get_extension_for_class(genre).value
    except ExtensionNotFound:
        return None
    except (ValueError, DuplicateExtension) as erreur:
        raise _illisible() from erreur


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
    """True when it says that it may issue others. Raises CERTIFICAT_ILLISIBLE."""
    from cryptography.x509 import BasicConstraints

    contraintes = _extension(certificat, BasicConstraints)
    return contraintes is not None and contraintes.ca


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
