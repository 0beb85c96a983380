"""Cutting a B2 stream into records, in constant memory.

Records follow one another without separator; line ends that some tools add between records are skipped and told.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sesam_desktop.noyau.erreurs import FormatInvalide

from ..enregistrement import Enregistrement
from ..registre import registre

LONGUEUR = 128
VARIANTE_PAR_DEFAUT = "b2_ps_140"
_BLOC = 512 * LONGUEUR
_FINS_DE_LIGNE = b"\r\n"
_SUITE = re.compile(b"[^\r\n]")
_COUPURE = re.compile(b"[\r\n]")
_RANGS_DU_COMPLEMENT = (35, 38)  # the letter of 4S, 4M… then of 2S, 3S, 5S…: a digit there means the plain record


@dataclass(frozen=True, slots=True)
class Tranche:
    """128 bytes (fewer before a misplaced line end or at a truncated end), and whether line ends stood before them."""

    ligne: int
    octets: bytes
    separee: bool


def decouper(source: bytes | BinaryIO) -> Iterator[Tranche]:
    """The stream cut every 128 bytes, or at a line end met before. Line ends after the last record are ignored."""
    flux = io.BytesIO(source) if isinstance(source, bytes) else source
    tampon, ligne, separee = b"", 0, False
    while bloc := flux.read(_BLOC):
        tampon, position = tampon + bloc, 0
        while position < len(tampon):
            if tampon[position] in _FINS_DE_LIGNE:
                suite = _SUITE.search(tampon, position)
                separee, position = True, suite.start() if suite else len(tampon)
                continue
            fin = _fin(tampon, position)
            if fin is None:
                break
            ligne += 1
            yield Tranche(ligne, tampon[position:fin], separee)
            separee, position = False, fin
        tampon = tampon[position:]
    if tampon:
        yield Tranche(ligne + 1, tampon, separee)


def _fin(tampon: bytes, debut: int) -> int | None:
    """Where the record that starts there ends; None when more bytes are needed to tell."""
    fin = debut + LONGUEUR
    coupure = _COUPURE.search(tampon, debut, fin)
    if coupure:
        return coupure.start()
    return fin if fin <= len(tampon) else None


def lire(source: bytes | BinaryIO, variante: str = "") -> Iterator[Enregistrement]:
    """Records of a stream, one at a time; unknown types are kept raw.

    Without `variante` the file header says which norm it follows, and each lot header which version of it; records
    alone (no header) are read as our own profile. Raises FormatInvalide on a truncated record or an unknown norm.
    """
    courante = variante or VARIANTE_PAR_DEFAUT
    for tranche in decouper(source):
        if len(tranche.octets) != LONGUEUR:
            raise FormatInvalide(
                f"L'enregistrement compte {len(tranche.octets)} caractères au lieu de {LONGUEUR}.",
                code="LONGUEUR",
                ligne=tranche.ligne,
                action="Le fichier est tronqué ou abîmé : redemandez-le.",
            )
        type_ = type_de(tranche.octets)
        if not variante:
            courante = variante_annoncee(type_, tranche, courante)
        yield Enregistrement(type_, tranche.octets, courante, tranche.ligne)


def variante_annoncee(type_: str, tranche: Tranche, courante: str) -> str:
    """The variant in force from this record on: a file header announces the norm, a lot header its version."""
    if type_ == "000":
        return registre().de_norme(tranche.octets[61:65].decode("latin-1").strip(), tranche.ligne).code
    if type_ == "1":
        return registre().de_version(registre().exiger(courante), version_du_lot(tranche.octets)).code
    return courante


def version_du_lot(octets: bytes) -> str:
    """Version of the norm (MMAAAA) that a lot header gives, positions 82–87."""
    return octets[81:87].decode("latin-1")


def type_de(octets: bytes) -> str:
    """Record type: its number, and the letter of its complement when there is one; ``?`` when it has no number."""
    if octets[:3] in (b"000", b"999"):
        return octets[:3].decode()
    genre = chr(octets[0])
    if genre in "2345":
        lettres = (chr(octets[rang]) for rang in _RANGS_DU_COMPLEMENT)
        return genre + next((c for c in lettres if "A" <= c <= "Z"), "")
    return genre if genre in "16" else "?"
