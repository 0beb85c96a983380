"""A self-signed certificate for 127.0.0.1 and localhost, for the servers of the tests."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


def ecrire(dossier: Path, nom: str = "localhost", jours: int = 2) -> tuple[Path, Path]:
    """Write `certificat.pem` (its own authority) and `cle.pem`; `nom` is the host it vouches for.

    `jours`: how long it lasts from now; negative, it has expired.
    """
    cle = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    sujet = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "serveur de test")])
    noms: list[x509.GeneralName] = [x509.DNSName(nom)]
    if nom == "localhost":
        noms.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    maintenant = datetime.now(UTC)
    certificat = (
        x509.CertificateBuilder()
        .subject_name(sujet)
        .issuer_name(sujet)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(maintenant - timedelta(days=10))
        .not_valid_after(maintenant + timedelta(days=jours))
        .add_extension(x509.SubjectAlternativeName(noms), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(cle, hashes.SHA256())
    )
    fichiers = dossier / "certificat.pem", dossier / "cle.pem"
    fichiers[0].write_bytes(certificat.public_bytes(serialization.Encoding.PEM))
    fichiers[1].write_bytes(
        cle.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    fichiers[1].chmod(0o600)
    return fichiers
