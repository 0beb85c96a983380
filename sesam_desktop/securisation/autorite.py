"""Keys and certificates of the demonstration: an authority of our own, marked TEST, with fictitious names only.

Nothing here is trusted by anybody: real cards and organismes bring their own certificates. Everything is written once
in a folder (readable by its owner only) and read again the next time: making an RSA key takes a noticeable moment.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sesam_desktop.base.fichiers import dossier_prive, remplacer
from sesam_desktop.noyau.erreurs import ErreurConnue

from .certificats import decrire, lire
from .signature import SignataireCle, cle_privee

BITS = 2048
ORGANISATION = "SESAM DESKTOP - TEST SANS VALEUR"
_DUREE = timedelta(days=3 * 365)
_MARGE = timedelta(days=30)  # made again this long before it expires
_AUTORITE = "autorite"


@dataclass(frozen=True, slots=True, repr=False)
class Identite:
    """A private key and its certificate, in memory and as files (``<nom>.cle.pem``, ``<nom>.pem``)."""

    nom: str
    cle_pem: bytes = field(repr=False)
    certificat_pem: bytes
    certificat_der: bytes
    chemin_cle: Path
    chemin_certificat: Path

    def signataire(self, porteur: str) -> SignataireCle:
        """A signer with this key."""
        return SignataireCle(porteur, self.cle_pem, self.certificat_der)

    def __repr__(self) -> str:
        return f"<Identite {self.nom}>"


def creer_autorite(dossier: Path) -> Identite:
    """The demonstration authority of `dossier`, made when it is not there yet."""
    return _trouver(dossier, _AUTORITE, None) or _fabriquer(dossier, _AUTORITE, "AUTORITE DE TEST", None, ())


def creer_certificat(dossier: Path, nom: str, sujet: str, hotes: tuple[str, ...] = ()) -> Identite:
    """A key named `nom` in `dossier`, certified for `sujet` by its authority; both are made when absent.

    `hotes` (host names and addresses) makes it a TLS server's certificate.
    """
    autorite = creer_autorite(dossier)
    return _trouver(dossier, nom, autorite) or _fabriquer(dossier, nom, sujet, autorite, hotes)


def creer_serveur_tls(dossier: Path) -> Identite:
    """Certificate of the demonstration's mail servers, on this machine only."""
    return creer_certificat(dossier, "serveur", "SERVEUR DE TEST", ("localhost", "127.0.0.1"))


def _chemins(dossier: Path, nom: str) -> tuple[Path, Path]:
    return dossier / f"{nom}.cle.pem", dossier / f"{nom}.pem"


def _trouver(dossier: Path, nom: str, emetteur: Identite | None) -> Identite | None:
    """What was made before, unless it is incomplete, damaged, about to expire or of another authority."""
    chemin_cle, chemin_certificat = _chemins(dossier, nom)
    try:
        cle_pem, certificat = chemin_cle.read_bytes(), decrire(chemin_certificat.read_bytes(), nom)
    except (FileNotFoundError, ErreurConnue):
        return None
    identite = Identite(nom, cle_pem, certificat.pem, certificat.der, chemin_cle, chemin_certificat)
    durable = certificat.fin >= datetime.now(UTC) + _MARGE
    return identite if durable and _coherente(identite, emetteur or identite) else None


def _coherente(identite: Identite, emetteur: Identite) -> bool:
    """The key is the certificate's, and the certificate is `emetteur`'s: two programs may have written at once."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    certificat = lire(identite.certificat_der)
    try:
        certificat.verify_directly_issued_by(lire(emetteur.certificat_der))
        cle = load_pem_private_key(identite.cle_pem, None, unsafe_skip_rsa_key_validation=True)  # only compared
    except (InvalidSignature, ValueError, TypeError):
        return False
    return cle.public_key() == certificat.public_key()


def _fabriquer(dossier: Path, nom: str, sujet: str, emetteur: Identite | None, hotes: tuple[str, ...]) -> Identite:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    cle = generate_private_key(65537, BITS)
    certificat = _certifier(cle, sujet, emetteur, hotes)
    cle_pem = cle.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem, der = certificat.public_bytes(Encoding.PEM), certificat.public_bytes(Encoding.DER)
    chemin_cle, chemin_certificat = _chemins(dossier, nom)
    dossier_prive(dossier)
    remplacer(chemin_cle, cle_pem)
    remplacer(chemin_certificat, pem)
    return Identite(nom, cle_pem, pem, der, chemin_cle, chemin_certificat)


def _certifier(cle: Any, sujet: str, emetteur: Identite | None, hotes: tuple[str, ...]) -> Any:
    """Certificate of `cle`, signed by `emetteur`, or by itself for the authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    cle_emetteur = cle_privee(emetteur.cle_pem) if emetteur else cle
    nom_emetteur = x509.load_der_x509_certificate(emetteur.certificat_der).subject if emetteur else _nommer(sujet)
    debut = datetime.now(UTC) - timedelta(hours=1)  # clocks of two machines may differ a little
    fabrique = (
        x509.CertificateBuilder()
        .subject_name(_nommer(sujet))
        .issuer_name(nom_emetteur)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(debut)
        .not_valid_after(debut + _DUREE)
    )
    for extension, critique in _extensions(cle.public_key(), cle_emetteur.public_key(), emetteur is None, hotes):
        fabrique = fabrique.add_extension(extension, critique)
    return fabrique.sign(cle_emetteur, SHA256())


def _nommer(sujet: str) -> Any:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, sujet),
        ]
    )


def _extensions(cle: Any, cle_emetteur: Any, autorite: bool, hotes: tuple[str, ...]) -> list[tuple[Any, bool]]:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    extensions: list[tuple[Any, bool]] = [
        (x509.BasicConstraints(ca=autorite, path_length=0 if autorite else None), True),
        (x509.SubjectKeyIdentifier.from_public_key(cle), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(cle_emetteur), False),
        (_usages(autorite), True),
    ]
    if hotes:
        extensions.append((x509.SubjectAlternativeName([_hote(h) for h in hotes]), False))
        extensions.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False))
    return extensions


def _usages(autorite: bool) -> Any:
    """An authority certifies; the others sign and receive keys."""
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not autorite, content_commitment=not autorite, key_encipherment=not autorite,
        data_encipherment=False, key_agreement=False, key_cert_sign=autorite, crl_sign=autorite,
        encipher_only=False, decipher_only=False,
    )


def _hote(hote: str) -> Any:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(hote))
    except ValueError:
        return x509.DNSName(hote)
