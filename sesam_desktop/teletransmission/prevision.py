"""What a lot à blanc tells besides its lots: the cards that will sign, certificates soon to expire, limits near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sesam_desktop.noyau.dates import jour_de

from .delais import Echeance, Situation, echeances
from .depot import SCOR
from .depot_delais import attentes
from .groupement import CleLot

if TYPE_CHECKING:
    from sesam_desktop.securisation.certificats import Certificat, Magasin


@dataclass(frozen=True, slots=True)
class CarteDemandee:
    """A professional's card that must be in, with its code, for `lots` lots. `emetteur`: billing number and key."""

    emetteur: str
    nom: str
    lots: int


@dataclass(frozen=True, slots=True)
class CertificatProche:
    """A certificate still valid, for a short time."""

    adresse: str
    fin: datetime
    jours: int


@dataclass(frozen=True, slots=True)
class Prevision:
    """`echeances`: those that are near or past, of every invoice that has not left."""

    cartes: tuple[CarteDemandee, ...]
    certificats: tuple[CertificatProche, ...]
    echeances: tuple[Echeance, ...]


def prevoir(cles: Sequence[CleLot], magasin: Magasin, instant: datetime, alsace_moselle: bool = False) -> Prevision:
    """`cles`: of the lots that would be made."""
    jour = jour_de(instant)
    adresses = sorted({cle.adresse for cle in cles})
    return Prevision(
        cartes=_cartes([cle for cle in cles if cle.genre != SCOR]),
        certificats=tuple(_proche(c, instant) for c in magasin.bientot_expires(adresses)),
        echeances=tuple(
            e for e in echeances(attentes(), jour, alsace_moselle) if e.situation is not Situation.A_TEMPS
        ),
    )


def _cartes(cles: Sequence[CleLot]) -> tuple[CarteDemandee, ...]:
    emetteurs = {cle.emetteur: cle.nom_emetteur for cle in cles}
    return tuple(
        CarteDemandee(emetteur, nom, sum(cle.emetteur == emetteur for cle in cles))
        for emetteur, nom in sorted(emetteurs.items())
    )


def _proche(certificat: Certificat, instant: datetime) -> CertificatProche:
    return CertificatProche(certificat.adresse, certificat.fin, (certificat.fin - instant).days)
