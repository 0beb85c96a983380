"""Readers and cards for both front ends: which cards are in, who the professional is, whose Vitale this is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from sesam_desktop.noyau import masquage
from sesam_desktop.noyau.erreurs import ErreurConnue

from .changements import Changements

if TYPE_CHECKING:
    from pathlib import Path

    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.lecteurs.canal import Canal, Fente
    from sesam_desktop.lecteurs.gestionnaire import Evenement, Gestionnaire
    from sesam_desktop.securisation.session_ps import SessionPS

journal = logging.getLogger(__name__)


class ServiceLecteurs:
    """One per workstation. The manager starts at the first use; cards read are forgotten when they leave."""

    def __init__(self, canaux: Callable[[], list[Canal]], dossier_cartes: Path, changements: Changements) -> None:
        self._creer_canaux = canaux
        self._dossier = dossier_cartes
        self._changements = changements
        self._verrou = threading.RLock()
        self._gestionnaire: Gestionnaire | None = None
        self.ps: CartePS | None = None
        self.vitale: CarteVitale | None = None
        self.session: SessionPS | None = None

    @property
    def gestionnaire(self) -> Gestionnaire:
        """The manager, started."""
        with self._verrou:
            if self._gestionnaire is None:
                from sesam_desktop.lecteurs.gestionnaire import Gestionnaire

                self._gestionnaire = Gestionnaire(self._creer_canaux())
                self._gestionnaire.abonner(self._evenement)
            return self._gestionnaire

    def fentes(self) -> list[Fente]:
        """Every slot of every channel."""
        return self.gestionnaire.fentes()

    @property
    def session_ouverte(self) -> bool:
        """True while the professional may sign without typing the code again."""
        return self.session is not None and self.session.ouverte

    def lire_ps(self, code: str | None = None) -> CartePS:
        """Read the CPS; with its code, the situations too."""
        from sesam_desktop.lecteurs import lecture

        with self._verrou, self.gestionnaire.ouvrir("cps") as session:
            puce = lecture.lire_puce_cps(session)
            if code is not None:
                lecture.verifier_code(session, code)
        carte = self._source().pour_ps(puce, situations=code is not None)
        masquage.retenir(carte.nom)
        self.ps = carte
        self._changements.annoncer("cartes")
        return carte

    def lire_vitale(self) -> CarteVitale:
        """Read the Vitale wherever it is; rights come from the carte virtuelle or the bridge, when there is one."""
        from sesam_desktop.lecteurs import lecture

        with self._verrou, self.gestionnaire.ouvrir("vitale") as session:
            puce = lecture.lire_puce_vitale(session)
        carte = self._source().pour_vitale(puce)
        masquage.retenir(*(b.nom_usuel for b in carte.beneficiaires))
        self.vitale = carte
        self._changements.annoncer("cartes")
        return carte
