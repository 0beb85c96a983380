"""What the mail around each kind of file says of it (``resources/flux/courriels.csv``).

The headers of establishments' mail (IRIS/B2) are known from two senders; those of liberal invoices and DRE are a
profile of the project, to be replaced at the approval.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache

from sesam_desktop.noyau.erreurs import FormatInvalide
from sesam_desktop.noyau.ressources import ressource

_GZIP, _SUFFIXE = "gzip", "/Z"
_IRIS_SANS_VERSION = "IR"  # as one of the two known senders writes it
_SUJET = re.compile(r"([A-Z]{2}\d{0,6})/(\d{14})/(\d{19})/(\d{5})")


@dataclass(frozen=True, slots=True)
class Profil:
    """One kind of mail. `objet`: how its subject begins, "" when it answers another one's."""

    genre: str
    description: str
    description_test: str
    compression: str
    objet: str
    certitude: str

    @property
    def gzip(self) -> bool:
        """Whether the file may be compressed around, which the suffix of the description then tells."""
        return self.compression == _GZIP

    def decrire(self, *, test: bool, comprime: bool) -> str:
        """The Content-Description of its part."""
        description = self.description_test if test else self.description
        return description + _SUFFIXE if comprime and self.gzip else description


@dataclass(frozen=True, slots=True)
class Description:
    """A Content-Description as read."""

    genre: str
    test: bool
    comprime: bool


@lru_cache(maxsize=1)
def profils() -> dict[str, Profil]:
    """Every kind of mail, by its genre."""
    with ressource("flux", "courriels.csv").open(encoding="utf-8", newline="") as table:
        rangees = list(csv.DictReader(table, delimiter=";"))
    return {r["genre"]: Profil(**{nom: r[nom] for nom in Profil.__dataclass_fields__}) for r in rangees}


def exiger(genre: str) -> Profil:
    """The profile of a genre. Raises GENRE_INCONNU."""
    if genre not in profils():
        raise FormatInvalide(f"Aucun message n'existe pour le genre « {genre} ».", code="GENRE_INCONNU")
    return profils()[genre]


def reconnaitre(description: str) -> Description | None:
    """What a Content-Description announces, None when it is none of ours."""
    return _descriptions().get(description)


def sujet(genre: str, emetteur: str, horodatage: str, nombre: int) -> str:
    """``SV/`` or ``IR…/<14 digits>/<19 digits>/<number of invoices on 5>``."""
    texte = f"{exiger(genre).objet}/{emetteur:0>14}/{horodatage}/{nombre:05d}"
    if not _SUJET.fullmatch(texte):
        raise FormatInvalide("L'objet du message ne peut pas être formé.", code="SUJET", zone="sujet")
    return texte


def lire_sujet(texte: str) -> tuple[str, str, int]:
    """Sender, stamp and number of invoices of a subject, of any of the profiles."""
    trouve = _SUJET.fullmatch(texte.strip())
    connus = {profil.objet for profil in profils().values() if profil.objet} | {_IRIS_SANS_VERSION}
    if not trouve or trouve.group(1) not in connus:
        raise FormatInvalide("L'objet du message n'a pas la forme attendue.", code="SUJET", zone="sujet")
    return trouve.group(2), trouve.group(3), int(trouve.group(4))


@lru_cache(maxsize=1)
def _descriptions() -> dict[str, Description]:
    return {
        profil.decrire(test=test, comprime=comprime): Description(profil.genre, test, comprime and profil.gzip)
        for profil in profils().values() for test in (False, True) for comprime in (False, True)
    }
