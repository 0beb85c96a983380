"""What was asked apart from the insurer of an invoice: its DRE, their state, and the way to take one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ..atelier import Atelier
from ..composants.code_porteur import avec_session
from ..composants.confirmation import confirmer
from ..composants.tableau import Tableau
from ..modeles.demandes import annulable, annulee, colonnes_demandes
from ..modeles.table import ModeleTable
from ..pages.page import Page

if TYPE_CHECKING:
    from sesam_desktop.factures.depot import Resume
    from sesam_desktop.factures.depot_dre import ResumeDre

_FILE = "registre"


class Demandes(QObject):
    """`lues` says whether the invoice chosen has any: without, its tab is not shown."""

    lues = Signal(bool)

    def __init__(self, atelier: Atelier, page: Page) -> None:
        super().__init__(page)
        self._atelier, self._page = atelier, page
        self.tableau = Tableau("demandes", "Demandes à la complémentaire", ModeleTable(colonnes_demandes()),
                               atelier.reglages, triable=False)
        self.annuler = page.ajouter_action("Annuler la demande AMC…", "F4", self.reprendre, icone="retirer",
                                           indice="annuler la demande")
        self.tableau.choisie.connect(self._choisir)
        self._choisir(None)

    def suivre(self, resume: Resume | None) -> None:
        """Another invoice is chosen."""
        self._montrer([])
        if resume is not None:
            self._atelier.taches.lancer(
                _FILE, lambda _: self._atelier.poste.demandes.de_la_facture(resume.numero), resultat=self._montrer,
                erreur=self._page.bandeau.dire_erreur, proprietaire=self, remplace="demandes",
            )

    def reprendre(self) -> None:
        """F4: a cancellation, signed by the professional's card when the insurer already holds the demand."""
        demande: ResumeDre | None = self.tableau.courante
        if demande is not None:
            confirmer(
                self._page, "Annuler la demande",
                f"La complémentaire {demande.amc} ne paiera pas la demande {demande.numero}. Si elle est déjà partie,"
                " une annulation signée par votre carte sera envoyée avec le prochain lot.",
                f"&Annuler la demande {demande.numero}",
                lambda _: avec_session(self._atelier, self._page, lambda: self._annuler(demande.numero)),
            )

    def _annuler(self, numero: str) -> None:
        self._atelier.taches.lancer(
            "lecteurs", lambda _: self._atelier.poste.demandes.annuler(numero),
            resultat=lambda faite: self._page.bandeau.dire(annulee(numero, faite), "succes"),
            erreur=self._page.bandeau.dire_erreur, proprietaire=self,
        )

    def _montrer(self, demandes: list[ResumeDre]) -> None:
        self.tableau.remplacer(demandes, cle=lambda d: d.numero)
        if demandes:
            self.tableau.aller(len(demandes) - 1)
        else:
            self._choisir(None)
        self.lues.emit(bool(demandes))

    def _choisir(self, demande: ResumeDre | None) -> None:
        self.annuler.setEnabled(demande is not None and annulable(demande))
