"""What was asked apart from insurers: the DRE of an invoice or all of them, and how one is taken back or corrected."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from ..atelier import Atelier
from ..composants.code_porteur import avec_session
from ..composants.confirmation import confirmer
from ..composants.tableau import Tableau
from ..modeles.demandes import (
    annulable,
    annulee,
    chercher,
    colonnes_demandes,
    colonnes_toutes,
    rectifiable,
    rectifiee,
)
from ..modeles.table import ModeleTable
from ..pages.page import Page
from .rectification import Rectification

if TYPE_CHECKING:
    from sesam_desktop.factures.depot import Resume
    from sesam_desktop.factures.depot_dre import ResumeDre
    from sesam_desktop.factures.facture import OrganismeAmc

_FILE = "registre"


class Demandes(QObject):
    """`tableau`: those of the invoice chosen; `toutes`: every one. The actions are about the last one chosen.

    `lues` says whether the invoice chosen has any: without, its tab is not shown.
    """

    lues = Signal(bool)

    def __init__(self, atelier: Atelier, page: Page) -> None:
        super().__init__(page)
        self._atelier, self._page = atelier, page
        self._courante: ResumeDre | None = None
        self.tableau = Tableau("demandes", "Demandes à la complémentaire", ModeleTable(colonnes_demandes()),
                               atelier.reglages, triable=False)
        self.toutes = Tableau("toutes-demandes", "Demandes aux complémentaires", ModeleTable(colonnes_toutes()),
                              atelier.reglages)
        self.annuler = page.ajouter_action("Annuler la demande AMC…", "F4", self.reprendre, icone="retirer",
                                           indice="annuler la demande")
        self.rectifier = page.ajouter_action("Rectifier la demande AMC…", "Shift+F4", self.corriger, icone="annuler",
                                             indice="rectifier la demande")
        for tableau in (self.tableau, self.toutes):
            tableau.choisie.connect(self._choisir)
        self._choisir(None)

    def suivre(self, resume: Resume | None) -> None:
        """Another invoice is chosen."""
        self._montrer([])
        if resume is not None:
            self._atelier.taches.lancer(
                _FILE, lambda _: self._atelier.poste.demandes.de_la_facture(resume.numero), resultat=self._montrer,
                erreur=self._page.bandeau.dire_erreur, proprietaire=self, remplace="demandes",
            )

    def lister(self, texte: str, limite: int, suite: Callable[[int], Any]) -> None:
        """Every demand that holds `texte`, newest first; `suite` receives how many."""
        def montrer(trouvees: list[ResumeDre]) -> None:
            suite(len(trouvees))
            self.toutes.remplacer(trouvees, cle=lambda d: d.numero)
            if trouvees and self.toutes.courante is None:
                self.toutes.aller(0)
            self._choisir(self.toutes.courante if trouvees else None)

        self._atelier.taches.lancer(
            _FILE, lambda _: chercher(self._atelier.poste, texte, limite), resultat=montrer,
            erreur=self._page.bandeau.dire_erreur, proprietaire=self, remplace="factures",
        )

    def reprendre(self) -> None:
        """F4: a cancellation, signed by the professional's card when the insurer already holds the demand."""
        if (demande := self._courante) is not None:
            confirmer(
                self._page, "Annuler la demande",
                f"La complémentaire {demande.amc} ne paiera pas la demande {demande.numero}. Si elle est déjà partie,"
                " une annulation signée par votre carte sera envoyée avec le prochain lot.",
                f"&Annuler la demande {demande.numero}",
                lambda _: avec_session(self._atelier, self._page, lambda: self._annuler(demande.numero)),
            )

    def corriger(self) -> None:
        """Shift+F4: the same care asked under another contract; its fields show the present one."""
        if (demande := self._courante) is not None:
            self._atelier.taches.lancer(
                _FILE, lambda _: self._atelier.poste.demandes.contrat(demande.numero),
                resultat=lambda contrat: self._demander_contrat(demande.numero, contrat),
                erreur=self._page.bandeau.dire_erreur, proprietaire=self,
            )

    def _demander_contrat(self, numero: str, contrat: OrganismeAmc) -> None:
        dialogue = Rectification(numero, contrat, self._page)
        dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialogue.accepted.connect(lambda: self._rectifier(numero, dialogue.contrat()))
        dialogue.open()

    def _rectifier(self, numero: str, contrat: OrganismeAmc) -> None:
        avec_session(self._atelier, self._page, lambda: self._signer(
            lambda: self._atelier.poste.demandes.rectifier(numero, contrat), lambda faites: rectifiee(numero, faites)
        ))

    def _annuler(self, numero: str) -> None:
        self._signer(lambda: self._atelier.poste.demandes.annuler(numero), lambda faite: annulee(numero, faite))

    def _signer(self, travail: Callable[[], Any], phrase: Callable[[Any], str]) -> None:
        self._atelier.taches.lancer(
            "lecteurs", lambda _: travail(), resultat=lambda fait: self._page.bandeau.dire(phrase(fait), "succes"),
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
        self._courante = demande
        self.annuler.setEnabled(demande is not None and annulable(demande))
        self.rectifier.setEnabled(demande is not None and rectifiable(demande))
