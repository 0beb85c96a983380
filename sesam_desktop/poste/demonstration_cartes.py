"""The fictitious cards of the demonstration, by short name, and their cartes virtuelles in the profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sesam_desktop.base.fichiers import dossier_prive, remplacer
from sesam_desktop.noyau.erreurs import EntreeInvalide

if TYPE_CHECKING:
    from sesam_desktop.cartes.duo import CarteDuo
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale

T = TypeVar("T")


def ecrire(dossier: Path) -> None:
    """Write their cartes virtuelles, each made only when it is not there."""
    from sesam_desktop.cartes import ps_zones, vitale_zones, zones

    dossier_prive(dossier)
    voulues = {f"{nom}.ssv": vitale_zones.groupes_de(carte) for nom, carte in vitales().items()}
    for nom, carte in professionnels().items():
        voulues[f"{nom}-{carte.numero_serie}.ssv"] = ps_zones.groupes_de(carte)
    for nom, groupes in voulues.items():
        if not (dossier / nom).exists():
            remplacer(dossier / nom, zones.ecrire(groupes))


def vitales() -> dict[str, CarteVitale]:
    """Patients' cards by short name."""
    from sesam_desktop.cartes.demonstration import cartes_de_demonstration

    return dict(cartes_de_demonstration())


def professionnels() -> dict[str, CartePS]:
    """Professionals' cards by short name."""
    from sesam_desktop.cartes.demonstration import cartes_ps_de_demonstration

    return dict(cartes_ps_de_demonstration())


def duos() -> dict[str, CarteDuo]:
    """Complementary cards by short name."""
    from sesam_desktop.cartes.demonstration import cartes_duo_de_demonstration

    return dict(cartes_duo_de_demonstration())


def parmi(cartes: dict[str, T], nom: str) -> T:
    """The card of this name. Raises CARTE_INCONNUE."""
    if nom not in cartes:
        raise EntreeInvalide(
            f"La carte de démonstration « {nom} » n'existe pas.", code="CARTE_INCONNUE",
            action=f"Cartes disponibles : {', '.join(cartes)}.",
        )
    return cartes[nom]


def titulaire(carte: CarteVitale) -> str:
    """Who is on the card first."""
    premier = carte.beneficiaires[0]
    return f"{premier.nom_usuel} {premier.prenom}"
