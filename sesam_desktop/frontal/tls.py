"""What the frontal's servers show of themselves: a good certificate, or one that no client should take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from twisted.internet.interfaces import IOpenSSLContextFactory
from zope.interface import implementer

from sesam_desktop.securisation.autorite import Identite, creer_autorite, creer_serveur_tls

from .regle import Tls

_AUTRE_NOM = "ailleurs.invalid"


@implementer(IOpenSSLContextFactory)
class ContexteTls:
    """Server side TLS context (1.2 at least) for twisted: the one that the scenario in force wants."""

    def __init__(self, dossier: Path, tls: Callable[[], Tls]) -> None:
        self._dossier, self._tls = dossier, tls
        self._contextes: dict[Tls, Any] = {}

    def getContext(self) -> Any:
        tls = self._tls()
        if tls not in self._contextes:
            self._contextes[tls] = _contexte(self._dossier, tls)
        return self._contextes[tls]


def _contexte(dossier: Path, tls: Tls) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_der_x509_certificate
    from OpenSSL.SSL import TLS1_2_VERSION, TLS_SERVER_METHOD, Context

    serveur = creer_serveur_tls(dossier)
    cle: Any = load_pem_private_key(serveur.cle_pem, None)
    certificat = load_der_x509_certificate(serveur.certificat_der)
    contexte = Context(TLS_SERVER_METHOD)
    contexte.set_min_proto_version(TLS1_2_VERSION)
    contexte.use_privatekey(cle)
    contexte.use_certificate(certificat if tls is Tls.NORMAL else _mauvais(dossier, tls, serveur, cle))
    return contexte


def _mauvais(dossier: Path, tls: Tls, serveur: Identite, cle: Any) -> Any:
    """The server's certificate over the same key, but of another name, out of date, or signed by nobody."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    vrai, autorite = x509.load_der_x509_certificate(serveur.certificat_der), creer_autorite(dossier)
    seul = tls is Tls.AUTO_SIGNE
    noms = vrai.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    if tls is Tls.AUTRE_NOM:
        noms = x509.SubjectAlternativeName([x509.DNSName(_AUTRE_NOM)])
    fin = datetime.now(UTC) - timedelta(days=1) if tls is Tls.PERIME else vrai.not_valid_after_utc
    fabrique = (
        x509.CertificateBuilder()
        .subject_name(vrai.subject)
        .issuer_name(vrai.subject if seul else vrai.issuer)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(fin - timedelta(days=30))
        .not_valid_after(fin)
        .add_extension(noms, critical=False)
    )
    signataire: Any = cle if seul else load_pem_private_key(autorite.cle_pem, None)
    return fabrique.sign(signataire, SHA256())
