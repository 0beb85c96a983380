"""S/MIME envelope of a whole message (CMS EnvelopedData, AES-128-CBC, RSA): readable by any mail program.

The message is carried unchanged inside; the headers that the mail service needs are copied outside. An envelope hides
but does not seal: what is inside is judged by its own signatures and hashes.
"""

from __future__ import annotations

import re

from sesam_desktop.noyau.erreurs import ErreurConnue

from .certificats import lire
from .signature import cle_privee

_DEHORS = re.compile(
    rb"(?:From|To|Date|Subject|Message-ID|In-Reply-To|References):(?:[^\r\n]|\r?\n[ \t])*", re.IGNORECASE
)


def envelopper(mime: bytes, certificat: bytes) -> bytes:
    """`mime` encrypted for the holder of `certificat` (DER or PEM), as a message with the same addresses."""
    from cryptography.hazmat.primitives.ciphers.algorithms import AES128
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

    fabrique = PKCS7EnvelopeBuilder().set_data(mime).add_recipient(lire(certificat))
    fabrique = fabrique.set_content_encryption_algorithm(AES128)
    return entetes(mime) + fabrique.encrypt(Encoding.SMIME, [PKCS7Options.Binary]).replace(b"\n", b"\r\n")


def ouvrir(mime: bytes, certificat: bytes, cle_pem: bytes) -> bytes:
    """The message inside, byte for byte. Raises MESSAGE_ILLISIBLE when it is damaged or for somebody else."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_smime

    try:
        return pkcs7_decrypt_smime(mime, lire(certificat), cle_privee(cle_pem), [])
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ErreurConnue(
            "Le message chiffré ne peut pas être ouvert : il est abîmé ou destiné à un autre.",
            code="MESSAGE_ILLISIBLE", action="Demandez un nouvel envoi à l'émetteur.",
        ) from None


def entetes(mime: bytes) -> bytes:
    """The header fields of `mime` that stay readable, as they are written (folded lines included)."""
    bloc = re.split(rb"\r?\n\r?\n", mime, maxsplit=1)[0]
    champs = re.split(rb"\r?\n(?![ \t])", bloc)
    gardes = [champ for champ in champs if _DEHORS.fullmatch(champ)]
    return b"".join(re.sub(rb"\r?\n", b"\r\n", champ) + b"\r\n" for champ in gardes)
