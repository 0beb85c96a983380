"""One row of a layout table, and the reading of a table file (``position;longueur;type;presence;nom;…``).

A table that is not contiguous, repeats a name or uses an unknown type is refused. `certitude` says how far a row can
be trusted: ``S`` published, ``D`` deduced from what is published, ``M`` from memory, ``P`` profile of the project.
"""

from __future__ import annotations

import calendar
import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sesam_desktop.noyau.erreurs import FormatInvalide

from .codes_b2 import listes

Valeur = str | int | None
ENTIERS = ("M", "C")
_TYPES = ("A", "N", "D", *ENTIERS)
CERTITUDES = ("S", "D", "M", "P")
FIN_ENTITE = "@"
_LISTE = "liste:"


@dataclass(frozen=True, slots=True)
class Zone:
    """One row of a layout table. `position` starts at 1; `valeurs` empty means any, `ouverte` that they are not all
    known; `liste` names the list of codes they come from.
    """

    position: int
    longueur: int
    type: str
    presence: str
    nom: str
    libelle: str
    valeurs: tuple[str, ...] = ()
    source: str = ""
    sensible: bool = False
    certitude: str = "P"
    liste: str = ""
    ouverte: bool = False

    @property
    def debut(self) -> int:
        return self.position - 1

    @property
    def fin(self) -> int:
        return self.position - 1 + self.longueur

    @property
    def numerique(self) -> bool:
        return self.type != "A"

    @property
    def facultative(self) -> bool:
        return self.presence == "F"

    @property
    def defaut(self) -> Valeur:
        """Value of an absent zone."""
        if len(self.valeurs) == 1:
            return int(self.valeurs[0]) if self.type in ENTIERS else self.valeurs[0]
        return 0 if self.type in ENTIERS else "0" * self.longueur if self.numerique else ""

    def extrait(self, texte: str) -> str:
        """The characters of this zone in a whole record."""
        return texte[self.debut : self.fin]

    def valeur(self, brut: str) -> Valeur:
        """Value of the raw characters; digit zones must hold digits or, when optional, blanks."""
        if not self.numerique:
            return brut.rstrip(" ")
        if self.facultative and brut.isspace():
            return None
        return int(brut) if self.type in ENTIERS else brut

    def motif(self, alphanumerique: str, *, blanc_admis: bool) -> str:
        """Regular expression of this zone, `alphanumerique` being the inside of a character class."""
        if self.valeurs == (FIN_ENTITE,):
            return FIN_ENTITE
        if not self.numerique:
            return f"[{alphanumerique}]{{{self.longueur}}}"
        chiffres = f"[0-9]{{{self.longueur}}}"
        return f"(?:{chiffres}| {{{self.longueur}}})" if blanc_admis and self.facultative else chiffres

    def motif_juste(self, ecrits: str) -> str:
        """Regular expression of what the checks of one zone find right, dates of the calendar apart."""
        if self.valeurs:
            admises = {re.escape(v.ljust(self.longueur)) for v in self.valeurs}
            zeros = [f"0{{{self.longueur}}}", f" {{{self.longueur}}}"] if self.facultative and self.numerique else []
            return f"(?:{'|'.join([*sorted(admises), *zeros])})"
        if self.numerique:
            return self.motif(ecrits, blanc_admis=True)
        return f"{'' if self.facultative else f'(?! {{{self.longueur}}})'}[{ecrits}]{{{self.longueur}}}"

    def gabarit(self) -> str:
        """Its place in a printf template."""
        return f"%0{self.longueur}d" if self.type in ENTIERS else f"%-{self.longueur}s"


@lru_cache(maxsize=4096)
def date_plausible(aammjj: str) -> bool:
    """True for zeros or blanks (no date) and for a day of the calendar; the century does not matter here."""
    if not aammjj.strip("0 "):
        return True
    annee, mois, jour = 2000 + int(aammjj[:2]), int(aammjj[2:4]), int(aammjj[4:])
    return 1 <= mois <= 12 and 1 <= jour <= calendar.monthrange(annee, mois)[1]


def lire_table(chemin: Path) -> tuple[Zone, ...]:
    """Zones of one CSV table, checked: contiguous from 1, known types, unique names, allowed values that fit."""
    with chemin.open(encoding="utf-8", newline="") as fichier:
        zones = tuple(_zone(rangee) for rangee in csv.DictReader(fichier, delimiter=";"))
    attendue = 1
    for numero, zone in enumerate(zones, start=2):
        if not _zone_saine(zone, attendue):
            raise FormatInvalide("La table de zones est incohérente.", fichier=chemin.name, ligne=numero, zone=zone.nom)
        attendue = zone.fin + 1
    if len({z.nom for z in zones}) != len(zones) or not zones:
        raise FormatInvalide("La table de zones est vide ou répète un nom.", fichier=chemin.name)
    return zones


def _zone(rangee: Mapping[str, str]) -> Zone:
    liste = rangee["valeurs"].removeprefix(_LISTE) if rangee["valeurs"].startswith(_LISTE) else ""
    return Zone(
        position=int(rangee["position"]),
        longueur=int(rangee["longueur"]),
        type=rangee["type"],
        presence=rangee["presence"],
        nom=rangee["nom"],
        libelle=rangee["libelle"],
        valeurs=_codes(liste, rangee["presence"]) if liste in listes() else _valeurs(rangee["valeurs"]),
        source=rangee["source"],
        sensible=rangee["sensible"] == "O",
        certitude=rangee["certitude"],
        liste=liste,
        ouverte=liste in listes() and not listes()[liste].fermee,
    )


def _valeurs(texte: str) -> tuple[str, ...]:
    return tuple(texte.split("|")) if texte else ()


def _codes(liste: str, presence: str) -> tuple[str, ...]:
    """Values of a list of codes; an optional zone may also be blank."""
    codes = tuple(code.code for code in listes()[liste].codes)
    return ("", *codes) if presence == "F" and "" not in codes else codes


def _zone_saine(zone: Zone, attendue: int) -> bool:
    return (
        zone.position == attendue
        and zone.longueur > 0
        and zone.type in _TYPES
        and zone.presence in ("O", "F")
        and zone.certitude in CERTITUDES
        and (not zone.liste or zone.liste in listes())
        and all(len(v) <= zone.longueur for v in zone.valeurs)
    )
