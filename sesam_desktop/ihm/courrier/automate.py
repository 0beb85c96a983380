"""Mail that leaves by itself, in the hours set: asked from time to time, done by the queue of the mailbox."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..modeles import bilans

TOUTES_LES_MS = 5 * 60 * 1000
_SUSPEND = "IDENTIFICATION_REFUSEE"  # nothing is tried after it until somebody lets the mailbox go


class EnvoiAutomatique(QObject):
    """Lives as long as the window. The same refusal is told once, not at each try; one that puts a hold, each time."""

    def __init__(self, atelier: Atelier, parent: QObject) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self._dite = ""
        self._montre = QTimer(self, interval=TOUTES_LES_MS)
        self._montre.timeout.connect(self.envoyer)
        self._montre.start()

    def envoyer(self) -> None:
        """Send what is due now; nothing when nothing is."""
        if self._atelier.ouvert:
            poste: Any = self._atelier.poste
            self._atelier.taches.lancer(
                "messagerie", lambda tache: _envoyer(poste, tache.annulee), resultat=self._envoye,
                erreur=self._refuse, proprietaire=self, remplace="envoi automatique",
            )

    def _envoye(self, bilan: Any) -> None:
        if bilan is None or not bilan.tentes:
            return
        self._dite = ""
        avis = bilans.envoyes(bilan)
        self._atelier.avis.emit(avis.genre, f"Envoi automatique : {avis.phrase}")

    def _refuse(self, erreur: ErreurConnue) -> None:
        if erreur.code != self._dite or erreur.code == _SUSPEND:
            self._dite = erreur.code
            self._atelier.avis.emit("erreur", f"Envoi automatique : {erreur.phrase()}")


def _envoyer(poste: Any, annule: Any) -> Any:
    return poste.corbeille.envoyer_planifie(annule) if poste.corbeille.a_envoyer_maintenant() else None
