"""What goes wrong at real readers, played at those of the demonstration: for training, and to see what is said of it.

Each incident is put right by its contrary, or by putting a demonstration card in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.virtuel import CanalVirtuel

_ATR_D_AILLEURS = bytes.fromhex("3B00")   # no card of the trade answers so


class Incidents:
    """`lecteur` is the slot where patients' cards go."""

    def __init__(self, canal: CanalVirtuel, lecteur: str) -> None:
        self._canal = canal
        self._lecteur = lecteur
        self._gestes: dict[str, tuple[str, Callable[[], None]]] = {
            "carte-muette": ("Insérer une carte qui ne répond pas", lambda: self._inserer(b"")),
            "carte-inconnue": ("Insérer une carte inconnue", lambda: self._inserer(_ATR_D_AILLEURS)),
            "lecteur-debranche": ("Débrancher le lecteur Vitale", lambda: canal.debrancher(lecteur)),
            "lecteur-rebranche": ("Rebrancher le lecteur Vitale", lambda: canal.brancher(lecteur)),
            "service-arrete": ("Arrêter le service des cartes", lambda: canal.arreter(_arrete())),
            "service-relance": ("Relancer le service des cartes", canal.demarrer),
        }

    def proposes(self) -> dict[str, str]:
        """Short name → what is done."""
        return {nom: texte for nom, (texte, _) in self._gestes.items()}

    def simuler(self, nom: str) -> None:
        """Do it. Raises INCIDENT_INCONNU; LECTEUR_ABSENT for a card in a reader that is unplugged."""
        if nom not in self._gestes:
            raise EntreeInvalide(
                f"L'incident « {nom} » n'existe pas.", code="INCIDENT_INCONNU",
                action=f"Incidents disponibles : {', '.join(self._gestes)}.",
            )
        self._gestes[nom][1]()

    def _inserer(self, atr: bytes) -> None:
        from sesam_desktop.lecteurs.emulation import Dossier, PuceVirtuelle
        from sesam_desktop.lecteurs.puces import MF

        self._canal.inserer(self._lecteur, PuceVirtuelle(atr, [Dossier(MF)]))


def _arrete() -> ErreurConnue:
    return ErreurConnue(
        "Le service des cartes à puce est arrêté.", code="SERVICE_CARTES_ARRETE",
        action="Relancez-le par le menu Démo ; le programme reprendra de lui-même.",
    )
