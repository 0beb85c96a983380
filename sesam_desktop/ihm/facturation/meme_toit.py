"""« Même toit »: the travel already billed to another patient at this address is proposed to be billed once."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sesam_desktop.factures.facture import Executant, Facture, Patient
from sesam_desktop.poste.tournee import Tour

from ..atelier import Atelier
from ..composants.bandeau import Bandeau
from .champs_ligne import admis_par
from .saisie import Saisie
from .tournee import nom
from .visite import Visite


class MemeToit(QObject):
    """Follows the invoice being composed. It proposes once a patient: what is then unticked stays so."""

    def __init__(self, atelier: Atelier, saisie: Saisie, visite: Visite, bandeau: Bandeau, parent: QObject) -> None:
        super().__init__(parent)
        self._atelier, self._saisie, self._visite, self._bandeau = atelier, saisie, visite, bandeau
        self._tour = Tour()
        self._propose: Patient | None = None

    def suivre(self) -> None:
        """The box shows what the lines say, and is ticked where a patient of this tour bears the travel."""
        composition, jour = self._saisie.actuelle, self._saisie.actuelle.date_soins
        if composition.patient is not None:
            self._tour.situer(composition.patient, self._atelier.poste.lecteurs.vitale)
        portent = [ligne for ligne in composition.lignes if "deplacement_partage" in admis_par(ligne, jour)]
        if portent:
            self._visite.montrer_partage(any(ligne.deplacement_partage for ligne in portent))
            self._proposer(composition.ebauche(Executant(self._atelier.poste.configuration.profession, "")))

    def retenir(self, facture: Facture) -> None:
        """`facture` is billed, or put aside to be: the next patient may live there."""
        self._tour.retenir(facture)
        self._propose = None

    def _proposer(self, ebauche: Facture) -> None:
        if ebauche.beneficiaire == self._propose or (porteuse := self._tour.porteuse(ebauche)) is None:
            return
        self._propose = ebauche.beneficiaire
        self._visite.partage.setChecked(True)
        self._bandeau.dire(
            f"Même adresse que {nom(porteuse.beneficiaire)} : un seul déplacement pour un même foyer. Décochez "
            "« Même toit » si ce sont deux foyers."
        )
