"""Which norm a file follows, from its first 128 characters, and one way to decode or check any of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sesam_desktop.noyau.erreurs import FormatInvalide

from . import arl, b2, noemie
from .anomalie import Anomalie
from .enregistrement import Enregistrement


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


_NORMES_B2 = {"CP": Norme.B2, "PS": Norme.B2, "DRE": Norme.DRE}


def reconnaitre(octets: bytes) -> Reconnu:
    """The norm of a file. Raises FormatInvalide when its header announces none of ours."""
    debut = octets[: b2.LONGUEUR + 8].lstrip(b"\r\n")
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


def lire(octets: bytes) -> tuple[Reconnu, Iterator[Enregistrement]]:
    """The norm of a file and its records, not yet decoded."""
    reconnu = reconnaitre(octets)
    if reconnu.norme == Norme.ARL:
        return reconnu, arl.enregistrements(octets)
    if reconnu.norme == Norme.NOEMIE:
        return reconnu, noemie.enregistrements(octets)
    return reconnu, b2.lire(octets)


def verifier(octets: bytes) -> list[Anomalie]:
    """Anomalies of a file, by the checker of its norm."""
    reconnu = reconnaitre(octets)
    if reconnu.norme == Norme.ARL:
        return arl.verifier(octets)
    if reconnu.norme == Norme.NOEMIE:
        return noemie.verifier(octets)
    return b2.verifier(octets)
