"""Test reading: do both cards answer here and now, how fast, and if not, why? Nothing is kept but the evidence."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

from . import inventaire_ssv

if TYPE_CHECKING:
    from .inventaire_ssv import EssaiSsv
    from .lecteurs import ServiceLecteurs
    from .pont_ssv import PontDuPoste
    from .temoin_lectures import TemoinLectures

# A card that is not there, too old or of another trade, or a code mistyped, says nothing of the workstation.
_SANS_TEMOIGNAGE = frozenset({
    "CPS_ABSENTE", "VITALE_ABSENTE", "CODE_FAUX", "CODE_BLOQUE", "CODE_INVALIDE", "CARTE_NON_LUE", "CARTE_INCONNUE",
    "SESSION_PS_FERMEE", "SSV_F003",
})


@dataclass(frozen=True, slots=True)
class EssaiCarte:
    """One card. `titulaire` is for the screen only; `erreur` is None when it was read in `duree_s` seconds."""

    role: str
    titulaire: str
    duree_s: float
    erreur: ErreurConnue | None = None


@dataclass(frozen=True, slots=True)
class EssaiLecture:
    """Both cards, the professional's first, and what the SSV libraries say when the settings name them."""

    cartes: tuple[EssaiCarte, ...]
    ssv: EssaiSsv | None = None

    @property
    def reussi(self) -> bool:
        """True when every card was read and the libraries, if any, reach every reader."""
        cartes = all(carte.erreur is None for carte in self.cartes)
        return cartes and (self.ssv is None or self.ssv.erreur is None)


def essayer(service: ServiceLecteurs, pont: PontDuPoste) -> EssaiLecture:
    """Read the CPS (without its code) and the Vitale, one after the other; a refusal of one does not hide the other."""
    cartes = (_essayer("cps", lambda: _nom_ps(service)), _essayer("vitale", lambda: _nom_vitale(service)))
    return EssaiLecture(cartes, inventaire_ssv.essayer(pont))


def _essayer(role: str, lire: Callable[[], str]) -> EssaiCarte:
    debut = time.monotonic()
    try:
        titulaire = lire()
    except ErreurConnue as erreur:
        return EssaiCarte(role, "", time.monotonic() - debut, erreur)
    return EssaiCarte(role, titulaire, time.monotonic() - debut)


def _nom_ps(service: ServiceLecteurs) -> str:
    carte = service.lire_ps()
    return f"{carte.nom} {carte.prenom.title()}".strip() or f"carte n° {carte.numero_serie}"


def _nom_vitale(service: ServiceLecteurs) -> str:
    premier = service.lire_vitale().beneficiaires[0]
    return f"{premier.nom_usuel} {premier.prenom.title()}".strip()


@contextmanager
def temoigner(temoin: TemoinLectures, role: str) -> Iterator[None]:
    """Keep the evidence of one reading, done inside."""
    debut = time.monotonic()
    with temoigner_refus(temoin, role):
        yield
    temoin.noter(role, reussie=True, duree_s=time.monotonic() - debut)


@contextmanager
def temoigner_refus(temoin: TemoinLectures, role: str) -> Iterator[None]:
    """Keep the evidence of a refusal only: of something done with a card that was read before."""
    debut = time.monotonic()
    try:
        yield
    except ErreurConnue as erreur:
        if erreur.code not in _SANS_TEMOIGNAGE:
            temoin.noter(role, reussie=False, duree_s=time.monotonic() - debut, code=erreur.code)
        raise
