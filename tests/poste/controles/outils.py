"""A computer made of what a test says, a workstation just big enough for a check, and the register of what was seen."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sesam_desktop.lecteurs.canal import Etat, Fente, fente_avec_carte
from sesam_desktop.poste.configuration import Configuration
from sesam_desktop.poste.controles.examen import Examen
from sesam_desktop.poste.diagnostic_constats import Constat, catalogue
from sesam_desktop.poste.sondes import LINUX, Ecoute, Installe, Processus, Service, SystemeSimule, Usb
from sesam_desktop.poste.temoin_lectures import TemoinLectures

JOUR = date(2026, 11, 22)
MIDI = datetime(2026, 11, 22, 12, tzinfo=UTC)
# ATR of the published lists (see cartes/atr.py): CPS3, Vitale 2, contactless CPS3; then a bank card's.
ATR_CPS = bytes.fromhex("3BAC00402A00122500648000031000 9000".replace(" ", ""))
ATR_VITALE = bytes.fromhex("3B7513000043 09EA9000".replace(" ", ""))
ATR_BANQUE = bytes.fromhex("3B6500002063CB6800")
CPS, VITALE = "Lecteur Essai 0", "Lecteur Essai 1"

DECLENCHES: set[str] = set()


@dataclass
class Ordinateur(SystemeSimule):
    """Any platform; what is not given does not exist."""

    nom: str = LINUX
    programmes: list[str] = field(default_factory=list)
    chemins: dict[str, str] = field(default_factory=dict)
    ports: list[Ecoute] = field(default_factory=list)
    bus: list[Usb] | None = None
    declares: list[str] | None = None
    services: dict[str, Service] = field(default_factory=dict)
    logiciels: list[Installe] = field(default_factory=list)
    reglages: dict[str, str] = field(default_factory=dict)
    places: dict[str, list[Path]] = field(default_factory=dict)
    proteges: set[Path] = field(default_factory=set)
    dossiers: set[str] = field(default_factory=set)  # that exist there, with the paths of that platform

    def processus(self) -> list[Processus]:
        return [Processus(rang, nom, self.chemins.get(nom, "")) for rang, nom in enumerate(self.programmes, 100)]

    def ecoutes(self) -> list[Ecoute]:
        return self.ports

    def usb(self) -> list[Usb] | None:
        return self.bus

    def lecteurs_declares(self) -> list[str] | None:
        return self.declares

    def service(self, nom: str) -> Service | None:
        return self.services.get(nom)

    def installes(self) -> list[Installe]:
        return self.logiciels

    def reglage(self, nom: str) -> str | None:
        return self.reglages.get(nom)

    def emplacements(self, nom: str) -> list[Path]:
        return self.places.get(nom, [])

    def lister(self, dossier: Path) -> list[str] | None:
        return [] if str(dossier) in self.dossiers else super().lister(dossier)

    def inscriptible(self, chemin: Path) -> bool:
        return chemin not in self.proteges


def vide(lecteur: str) -> Fente:
    return Fente("pcsc", lecteur, Etat.VIDE)


def carte(lecteur: str, atr: bytes, *, occupee: bool = False) -> Fente:
    return fente_avec_carte("pcsc", lecteur, atr, 1, occupee=occupee)


DEUX_CARTES = [carte(CPS, ATR_CPS), carte(VITALE, ATR_VITALE)]


def examen(
    profil: Path, systeme: Ordinateur | None = None, fentes: Any = (), **reglages: Any
) -> Examen:
    """A check's argument. `fentes`: the slots, or the error that the readers raise."""

    def relever() -> list[Fente]:
        if isinstance(fentes, Exception):
            raise fentes
        return list(fentes)

    lecteurs = SimpleNamespace(fentes=relever, temoin=TemoinLectures(profil))
    poste = SimpleNamespace(profil=profil, configuration=Configuration(**reglages), lecteurs=lecteurs)
    return Examen(poste, systeme or Ordinateur(), JOUR, MIDI)  # type: ignore[arg-type]


def declenche(*codes: str) -> Callable[[Callable[..., Iterable[Constat]]], Callable[..., None]]:
    """The test answers constats: exactly these codes, each as the catalogue has it."""
    DECLENCHES.update(codes)

    def decorer(fonction: Callable[..., Iterable[Constat]]) -> Callable[..., None]:
        @functools.wraps(fonction)
        def essai(*args: Any, **nommes: Any) -> None:
            trouves = list(fonction(*args, **nommes))
            assert sorted({un.code for un in trouves}) == sorted(codes), trouves
            for un in trouves:
                verifier(un)

        return essai

    return decorer


def verifier(un: Constat) -> None:
    """A sentence without a hole, and something to do whenever it is not good news."""
    modele = catalogue()[un.code]
    assert un.titre and "{" not in un.titre
    assert un.origine is modele.origine
    assert un.reparation is modele.reparation
