"""Certificates: reading one, and the folder that holds those of the organismes, one PEM file an address."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.base.fichiers import dossier_prive, remplacer
from sesam_desktop.base.fichiers import traduire as traduire_systeme
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509 import Certificate

_ADRESSE = re.compile(r"[a-z0-9][a-z0-9._+-]*@[a-z0-9][a-z0-9.-]*")
_MODE_PUBLIC = 0o644


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


class Magasin:
    """Certificates by address in `dossier` (``<adresse>.pem``). Looked up at each use: a new file needs no restart."""

    def __init__(self, dossier: Path, horloge: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._dossier = dossier
        self._horloge = horloge

    def de(self, adresse: str) -> Certificat:
        """The certificate of `adresse`. Raises CERTIFICAT_ABSENT, CERTIFICAT_EXPIRE, CERTIFICAT_ILLISIBLE."""
        chemin = self._chemin(adresse)
        try:
            octets = chemin.read_bytes()
        except FileNotFoundError:
            raise ErreurConnue(
                f"Aucun certificat n'est enregistré pour {adresse}.", code="CERTIFICAT_ABSENT",
                action="Ajoutez le certificat de cet organisme dans Paramètres.",
            ) from None
        except OSError as erreur:
            raise traduire_systeme(erreur, chemin) from erreur
        certificat = decrire(octets, adresse)
        self._exiger_valable(certificat)
        return certificat

    def ajouter(self, adresse: str, octets: bytes) -> Certificat:
        """Keep a certificate (PEM or DER) for `adresse`, in place of the one it had."""
        chemin, certificat = self._chemin(adresse), decrire(octets, adresse)
        dossier_prive(self._dossier)
        remplacer(chemin, certificat.pem, _MODE_PUBLIC)
        return certificat

    def lister(self) -> list[Certificat]:
        """Every certificate, expired ones too, by address. One that cannot be read is told by `de`, not here."""
        trouves = []
        for chemin in sorted(self._dossier.glob("*@*.pem")):
            with suppress(ErreurConnue, OSError):
                trouves.append(decrire(chemin.read_bytes(), chemin.stem))
        return trouves

    def _chemin(self, adresse: str) -> Path:
        if not _ADRESSE.fullmatch(adresse.lower()):
            raise EntreeInvalide(
                "L'adresse de l'organisme n'est pas une adresse électronique.", code="ADRESSE_INVALIDE",
                action="Vérifiez la table des organismes destinataires.",
            )
        return self._dossier / f"{adresse.lower()}.pem"

    def _exiger_valable(self, certificat: Certificat) -> None:
        if certificat.debut <= self._horloge() <= certificat.fin:
            return
        raise ErreurConnue(
            f"Le certificat de {certificat.adresse} n'est valable que du {certificat.debut:%d/%m/%Y} au"
            f" {certificat.fin:%d/%m/%Y}.",
            code="CERTIFICAT_EXPIRE", action="Ajoutez le nouveau certificat de cet organisme dans Paramètres.",
        )


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


def decrire(octets: bytes, adresse: str = "") -> Certificat:
    """What `Magasin` gives for a certificate already in hand."""
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
