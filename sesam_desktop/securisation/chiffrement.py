"""Encryption of the sensitive zones: a session key of 128 bits a message, wrapped for the organisme.

The 1.40 specification asks for a 128-bit session key and 3DES-CBC: two-key TDEA (K1 | K2 | K1). AES-128-CBC is the
other profile. Everything else is a profile of the project, not the norm: random IV, PKCS#7 padding, RSA-OAEP (SHA-256)
around the key, and an HMAC-SHA256 over profile, IV and ciphertext. That seal is verified before anything is decrypted:
a wrong key or an altered zone is told apart from a wrong invoice, and no padding error can be observed. The signatures
cover the clear bytes.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

from .certificats import cle_publique
from .signature import cle_privee

TAILLE_CLE = 16
_TAILLE_SCEAU = 32
_USAGE_SCEAU = b"sesam-desktop/zones/sceau"


class ProfilZones(StrEnum):
    """Algorithm of the zones, by the name written in the message."""

    TDES_CBC = "3DES-CBC"
    AES_CBC = "AES-CBC"

    @property
    def bloc(self) -> int:
        """Block size in bytes."""
        return 8 if self is ProfilZones.TDES_CBC else 16


@dataclass(frozen=True, slots=True, repr=False)
class CleSession:
    """A session key. It never prints itself."""

    octets: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.octets) != TAILLE_CLE:
            raise _illisible("La clé de session n'a pas 128 bits.")

    def __repr__(self) -> str:
        return "<CleSession>"


def nouvelle_cle() -> CleSession:
    """A fresh random key. The two halves differ, or two-key TDEA would be single DES."""
    while True:
        octets = secrets.token_bytes(TAILLE_CLE)
        if octets[:8] != octets[8:]:
            return CleSession(octets)


def chiffrer_zones(clair: bytes, cle: CleSession, profil: ProfilZones = ProfilZones.TDES_CBC) -> bytes:
    """IV, ciphertext and seal of `clair`."""
    from cryptography.hazmat.primitives.padding import PKCS7

    iv = secrets.token_bytes(profil.bloc)
    bourrage = PKCS7(profil.bloc * 8).padder()
    chiffreur = _machine(cle, iv, profil).encryptor()
    chiffre = chiffreur.update(bourrage.update(clair) + bourrage.finalize()) + chiffreur.finalize()
    return iv + chiffre + _sceau(cle, iv + chiffre, profil)


def dechiffrer_zones(octets: bytes, cle: CleSession, profil: ProfilZones = ProfilZones.TDES_CBC) -> bytes:
    """The clear bytes of `chiffrer_zones`. Raises ZONES_ILLISIBLES on a wrong key or any altered byte."""
    from cryptography.hazmat.primitives.padding import PKCS7

    corps, sceau = octets[:-_TAILLE_SCEAU], octets[-_TAILLE_SCEAU:]
    if not hmac.compare_digest(sceau, _sceau(cle, corps, profil)):
        raise _illisible("Les zones chiffrées ont été modifiées, ou leur clé n'est pas la bonne.")
    dechiffreur = _machine(cle, corps[: profil.bloc], profil).decryptor()
    bourrage = PKCS7(profil.bloc * 8).unpadder()
    rembourre = dechiffreur.update(corps[profil.bloc :]) + dechiffreur.finalize()
    return bourrage.update(rembourre) + bourrage.finalize()


def envelopper_cle(cle: CleSession, certificat: bytes) -> bytes:
    """The session key for the holder of `certificat` (DER or PEM) only."""
    return cle_publique(certificat).encrypt(cle.octets, _oaep())


def ouvrir_cle(enveloppe: bytes, cle_pem: bytes) -> CleSession:
    """The session key of `envelopper_cle`. Raises ZONES_ILLISIBLES when it was made for another key."""
    try:
        return CleSession(cle_privee(cle_pem).decrypt(enveloppe, _oaep()))
    except ValueError:
        raise _illisible("La clé de session n'a pas été chiffrée pour ce destinataire.") from None


def _machine(cle: CleSession, iv: bytes, profil: ProfilZones) -> Any:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES128
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    if profil is ProfilZones.TDES_CBC:
        return Cipher(TripleDES(cle.octets + cle.octets[:8]), CBC(iv))
    return Cipher(AES128(cle.octets), CBC(iv))


def _sceau(cle: CleSession, corps: bytes, profil: ProfilZones) -> bytes:
    cle_du_sceau = hmac.digest(cle.octets, _USAGE_SCEAU, "sha256")
    return hmac.digest(cle_du_sceau, profil.encode() + b"\0" + corps, "sha256")


def _oaep() -> Any:
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
    from cryptography.hazmat.primitives.hashes import SHA256

    return OAEP(MGF1(SHA256()), SHA256(), None)


def _illisible(message: str) -> ErreurConnue:
    return ErreurConnue(message, code="ZONES_ILLISIBLES", action="Demandez un nouvel envoi à l'émetteur.")
