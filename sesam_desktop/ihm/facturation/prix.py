"""The live price of what is composed: asked at each change, answered by a worker, the last question only."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from sesam_desktop.factures.facture import Alerte, Tarification
from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.bandeau import de_la_facture
from .saisie import Composition, Saisie


class Prix(QObject):
    """`connu` gives a Tarification (None without lines) and the remarks, `refuse` an ErreurConnue."""

    connu = Signal(object, object)
    refuse = Signal(object)

    def __init__(self, atelier: Atelier, saisie: Saisie, parent: QObject) -> None:
        super().__init__(parent)
        self._atelier, self._saisie = atelier, saisie

    def demander(self) -> None:
        """Price the current composition."""
        composition = self._saisie.actuelle
        if not self._atelier.ouvert or composition.patient is None:
            self.connu.emit(None, ())
            return
        self._atelier.taches.lancer(
            "tarif", lambda _: self._calculer(composition), resultat=lambda lu: self._recevoir(composition, *lu),
            erreur=self.refuse.emit, proprietaire=self, remplace="tarif",
        )

    def _calculer(self, composition: Composition) -> tuple[Tarification | None, tuple[Alerte, ...]]:
        service = self._atelier.poste.facturation
        facture = composition.facture(service.executant())
        if not composition.lignes:
            return None, ()
        remarques = service.controler(facture)
        try:
            return service.tarifer(facture), remarques
        except ErreurConnue as erreur:
            if not de_la_facture(erreur):
                raise
            return None, (Alerte(erreur.code, "bloquante", f"{erreur.message} {erreur.action}", erreur.ou), *remarques)

    def _recevoir(
        self, composition: Composition, tarification: Tarification | None, alertes: tuple[Alerte, ...]
    ) -> None:
        if composition is not self._saisie.actuelle:
            return
        propres = composition.lu.alertes if composition.lu else ()
        self.connu.emit(tarification, (*propres, *(tarification.alertes if tarification else ()), *alertes))
