"""What the GIE's SSV libraries say of the workstation, readable: versions, and the readers they reach by themselves."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

if TYPE_CHECKING:
    from sesam_desktop.cartes.zones import Groupe

    from .pont_ssv import PontDuPoste

_ENTETE, _LECTEUR = 60, 61


@dataclass(frozen=True, slots=True)
class EssaiSsv:
    """`version` of the SSV, `lecteurs` as « maker type, software version »; `erreur` is what keeps one out of it."""

    version: str
    lecteurs: tuple[str, ...]
    duree_s: float
    erreur: ErreurConnue | None = None


def essayer(pont: PontDuPoste) -> EssaiSsv | None:
    """Ask the libraries, which takes seconds; None when the settings name none."""
    if not pont.regle:
        return None
    debut = time.monotonic()
    try:
        ouvert = pont.obtenir()
        inventaire = ouvert.inventaire() if ouvert is not None else None
    except ErreurConnue as erreur:
        return EssaiSsv("", (), time.monotonic() - debut, erreur)
    if inventaire is None:
        return None
    version = next((_champ(groupe, 1) for groupe in inventaire.groupes if groupe.id == _ENTETE), "")
    lecteurs = tuple(_lecteur(groupe) for groupe in inventaire.groupes if groupe.id == _LECTEUR)
    return EssaiSsv(version, lecteurs, time.monotonic() - debut, inventaire.erreur)


def _lecteur(groupe: Groupe) -> str:
    nom = " ".join(filter(None, (_champ(groupe, 1), _champ(groupe, 2))))
    logiciel = " ".join(filter(None, (_champ(groupe, 6), _champ(groupe, 7))))
    return ", ".join(filter(None, (nom, logiciel)))


def _champ(groupe: Groupe, numero: int) -> str:
    """Libraries of another version may give fewer fields."""
    return groupe.texte(numero) if numero <= len(groupe.champs) else ""
