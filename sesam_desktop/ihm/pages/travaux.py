"""A page whose acts are long jobs: one at a time, followed, its report said, done again when it failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.avancement import Avancement
from ..modeles.bilans import Avis
from ..taches import Tache
from .page import Page


class PageTravaux(Page):
    """Subclasses say the queue of their jobs, whether these stop half-way, and what a running one holds."""

    file: ClassVar[str]
    interruptible: ClassVar[bool] = True

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self.avancement = Avancement()

    def occuper(self) -> None:
        """Told when a job begins or ends: `avancement.actif` says which."""

    def lancer(
        self, titre: str, travail: Callable[[Tache], Any], dire: Callable[[Any], Avis | None], *, file: str = ""
    ) -> None:
        """Run `travail`, then say what `dire` makes of its report. Nothing while another runs."""
        if self.avancement.actif:
            return
        self.bandeau.taire()
        tache = self.atelier.taches.lancer(
            file or self.file, travail, resultat=lambda bilan: self._finir(dire, bilan),
            erreur=lambda refus: self._echouer(refus, lambda: self.lancer(titre, travail, dire, file=file)),
            progression=self.avancement.avancer, proprietaire=self,
        )
        self.avancement.suivre(tache, titre, interruptible=self.interruptible)
        self.occuper()

    def _finir(self, dire: Callable[[Any], Avis | None], bilan: Any) -> None:
        self.avancement.finir()
        self.occuper()
        if (avis := dire(bilan)) is not None:
            self.bandeau.dire(avis.phrase, avis.genre, code=avis.code)
        self.rafraichir()

    def _echouer(self, erreur: ErreurConnue, refaire: Callable[[], None]) -> None:
        """What failed is what « Réessayer » does again, whatever became the next right thing meanwhile."""
        self.avancement.finir()
        self.occuper()
        self.bandeau.dire_erreur(erreur, suite="Réessayer", action=refaire)
        self.rafraichir()
