"""Which norm a file follows, from its first 128 characters, and one way to decode or check any of them.

A file is given whole, or open in binary: it is then read bit by bit, whatever its size.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from sesam_desktop.noyau.erreurs import FormatInvalide

from . import arl, b2, noemie
from .anomalie import Anomalie
from .enregistrement import Enregistrement
from .entites import decouper_flux
from .registre import registre


class Norme(StrEnum):
    """Norms this program reads. DRE is B2 with our own header value: its layouts are not public."""

    B2 = "B2"
    DRE = "DRE"
    ARL = "ARL"
    NOEMIE = "NOEMIE"


@dataclass(frozen=True, slots=True)
class Reconnu:
    """`reference`: the norm code of a B2 header (CP, PS), the four digits of a return."""

    norme: Norme
    reference: str


_TETE = b2.LONGUEUR + 8  # a header, and line ends that some tools put before it
_ENTITES = {Norme.ARL: arl.VARIANTE, Norme.NOEMIE: "noemie"}
_NORMES_B2 = {
    norme: Norme.DRE if norme == "DRE" else Norme.B2 for fiche in registre().par_code.values() for norme in fiche.normes
}


def reconnaitre(source: bytes | BinaryIO) -> Reconnu:
    """The norm of a file, read again from its beginning afterwards. Raises FormatInvalide when it is none of ours."""
    flux = _flux(source)
    debut = flux.read(_TETE).lstrip(b"\r\n")
    flux.seek(0)
    reference = debut[61:65].decode("latin-1").strip()
    if debut[:3] == b"000":
        if reference in _NORMES_B2:
            return Reconnu(_NORMES_B2[reference], reference)
        if reference in arl.REFERENCES.values():
            return Reconnu(Norme.ARL, reference)
        if len(reference) == 4 and reference.isascii() and reference.isdigit():
            return Reconnu(Norme.NOEMIE, reference)
    raise FormatInvalide(
        "Ce fichier n'est ni un fichier B2, ni un ARL, ni un retour NOEMIE.",
        code="NORME_INCONNUE",
        action="Son premier enregistrement doit être un en-tête 000.",
    )


def lire(source: bytes | BinaryIO) -> tuple[Reconnu, Iterator[Enregistrement]]:
    """The norm of a file and its records, one at a time, not yet decoded."""
    flux = _flux(source)
    reconnu = reconnaitre(flux)
    if reconnu.norme in _ENTITES:
        return reconnu, decouper_flux(flux, _ENTITES[reconnu.norme])
    return reconnu, b2.lire(flux)


def verifier(source: bytes | BinaryIO) -> list[Anomalie]:
    """Anomalies of a file, by the checker of its norm, in constant memory."""
    flux = _flux(source)
    reconnu = reconnaitre(flux)
    if reconnu.norme in _ENTITES:
        return noemie.verifier_flux(flux, _ENTITES[reconnu.norme])
    return b2.verifier(flux)


def _flux(source: bytes | BinaryIO) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source
