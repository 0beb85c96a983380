"""Small doubles of the readers' outside: sessions that answer what they are told, signers, subscribers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from sesam_desktop.cartes import ps_zones, vitale_zones, zones
from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.lecteurs.canal import Fente, fente_avec_carte
from sesam_desktop.lecteurs.emulation_cps import ATR_CPS3, CpsVirtuelle
from sesam_desktop.lecteurs.emulation_vitale import VitaleVirtuelle
from sesam_desktop.lecteurs.gestionnaire import Evenement

VITALES = dict(cartes_de_demonstration())
PS = dict(cartes_ps_de_demonstration())


def vitale(nom: str = "assure") -> VitaleVirtuelle:
    return VitaleVirtuelle.depuis(VITALES[nom], signer)


def cps(nom: str = "pharmacien", code: str = "1234") -> CpsVirtuelle:
    return CpsVirtuelle.depuis(PS[nom], code, signer)


def deposer_cartes(dossier: Path) -> None:
    """Write every demonstration card as a carte virtuelle of this folder."""
    for nom, carte in VITALES.items():
        (dossier / f"vitale-{nom}.ssv").write_bytes(zones.ecrire(vitale_zones.groupes_de(carte)))
    for nom, carte_ps in PS.items():
        (dossier / f"cps-{nom}-{carte_ps.numero_serie}.ssv").write_bytes(zones.ecrire(ps_zones.groupes_de(carte_ps)))


def signer(condensat: bytes) -> bytes:
    """Stands for a 2048-bit key: 256 bytes that show which digest was signed."""
    return b"S" * (256 - len(condensat)) + condensat


class SessionEcrite:
    """Answers a fixed list, in order, and keeps what it was sent."""

    def __init__(self, *reponses: str, atr: bytes = ATR_CPS3) -> None:
        self._reponses = [bytes.fromhex(r) for r in reponses]
        self.fente: Fente = fente_avec_carte("essai", "lecteur", atr, 0)
        self.recus: list[str] = []

    def __enter__(self) -> SessionEcrite:
        return self

    def __exit__(self, *_: object) -> None:
        self.fermer()

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        self.recus.append(apdu.hex().upper())
        reponse = self._reponses.pop(0)
        return reponse[:-2], int.from_bytes(reponse[-2:], "big")

    def fermer(self) -> None:
        """Nothing is held."""


class Ecoute:
    """A subscriber that keeps events, and waits for one."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.evenements: list[Evenement] = []

    def __call__(self, evenement: Evenement) -> None:
        with self._condition:
            self.evenements.append(evenement)
            self._condition.notify_all()

    def genres(self) -> list[str]:
        return [str(e.genre) for e in self.evenements]

    def attendre(self, critere: Callable[[Evenement], bool], delai: float = 2.0) -> float:
        """Seconds until an event fits, counted from now; what came before is forgotten."""
        debut = time.monotonic()
        with self._condition:
            trouve = self._condition.wait_for(lambda: any(critere(e) for e in self.evenements), delai)
            assert trouve, f"attendu en vain, reçu : {self.genres()}"
            self.evenements.clear()
        return time.monotonic() - debut
