"""What happened at the readers, one line an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .table import Colonne

if TYPE_CHECKING:
    from sesam_desktop.poste.chronique import EvenementDate

_CANAUX = {"pcsc": "Lecteurs PC/SC", "virtuel": "Lecteurs de démonstration", "tla": "Terminaux portables"}
_SERIE = "serie:"
_EVENEMENTS = {
    "inseree": ("fait", "{carte} insérée"),
    "retiree": ("fait", "{carte} retirée"),
    "muette": ("à corriger", "Carte insérée, qui ne répond pas"),
    "inconnue": ("à corriger", "Carte insérée, non reconnue"),
    "lecteur-branche": ("fait", "Lecteur branché"),
    "lecteur-debranche": ("à corriger", "Lecteur débranché"),
    "service-arrete": ("bloqué", "Service des cartes arrêté"),
    "service-revenu": ("fait", "Service des cartes revenu"),
}


def nom_du_canal(canal: str) -> str:
    """What people call this way to readers; a serial one is told by its port."""
    if canal.startswith(_SERIE):
        return f"Lecteur série {canal.removeprefix(_SERIE)}"
    return _CANAUX.get(canal, canal)


def colonnes_nouvelles() -> list[Colonne]:
    """Of `poste.chronique.EvenementDate`."""
    return [
        Colonne("heure", "Heure", lambda n: n.instant.strftime("%H:%M:%S"), "date", 8,
                tri=lambda n: n.instant.timestamp()),
        Colonne("etat", "État", lambda n: _EVENEMENTS[n.evenement.genre.value][0], "etat", 11, accessoire=True),
        Colonne("quoi", "Ce qui s'est passé", _quoi, largeur=30, bulle=_quoi),
        Colonne("lecteur", "Lecteur", _ou, largeur=28, bulle=_ou),
    ]


def _quoi(nouvelle: EvenementDate) -> str:
    fente = nouvelle.evenement.fente
    return _EVENEMENTS[nouvelle.evenement.genre.value][1].format(carte=fente.carte.libelle if fente else "Carte")


def _ou(nouvelle: EvenementDate) -> str:
    fente = nouvelle.evenement.fente
    return fente.lecteur if fente is not None else nom_du_canal(nouvelle.evenement.canal)
