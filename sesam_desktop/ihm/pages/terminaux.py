"""Terminaux: the portable terminals on their cradle; load the tour, bring the visits back, have them signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.avancement import Avancement
from ..composants.champ_date import ChampDate
from ..composants.code_porteur import avec_session
from ..composants.confirmation import confirmer
from ..composants.page_vide import PageVide
from ..composants.tableau import Tableau
from ..modeles import terminaux as modele
from ..modeles.bilans import Avis
from ..modeles.table import ModeleTable
from ..taches import Tache
from .page import Page

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.poste.terminaux_bilans import ASigner, RefusTla, Terminal

_FILE = "terminaux"      # a long loading leaves the cards to be read meanwhile
_FILE_CARTES = "lecteurs"
_VIDE = (
    "Les terminaux portables se chargent et se déchargent ici. Posez le vôtre sur son socle, allumé, puis cherchez-le."
)
_SANS_VISITE = "Aucune visite n'attend : celles que les terminaux rapportent se montrent ici, pour être signées."


class Releve(NamedTuple):
    """What a worker reads for this page."""

    terminaux: list[Terminal]
    attente: list[ASigner]
    refuses: list[RefusTla]


class Terminaux(Page):
    """F10 does the next right thing: unload what came back, have it signed, load the tour."""

    cle, titre = "terminaux", "Terminaux"
    ecoute = ("terminaux", "cartes")

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self._releve = Releve([], [], [])
        self._chercher = self.ajouter_action("C&hercher les terminaux", "F3", self.rafraichir, indice="chercher")
        self._charger = self.ajouter_action("&Charger la tournée", "F5", self.charger, icone="exporter",
                                            indice="charger la tournée")
        self._decharger = self.ajouter_action("&Décharger", "F6", self.decharger, icone="importer")
        self._signer = self.ajouter_action("&Signer", "F7", self.signer, icone="professionnel")
        self._vider = self.ajouter_action("&Vider le terminal…", "F9", self.vider, icone="retirer", indice="vider")
        self.ajouter_action("Décharger", "F10", self.suivant, icone="terminaux", principale=True, indice="la suite")
        self._disposer()
        self._choisir_suivant()

    def rafraichir(self) -> None:
        """Ask every reader whether it is a terminal, and what waits here."""
        self.atelier.taches.lancer(
            _FILE, lambda _: _relever(self.atelier.poste), resultat=self._montrer, erreur=self._muet,
            proprietaire=self, remplace="page-terminaux",
        )

    def suivant(self) -> None:
        """F10."""
        self._suite()

    def charger(self) -> None:
        """Its professional's patients, and their drafts of the day chosen."""
        terminal, qdate = self._terminal(), self.jour.date()
        jour = date(qdate.year(), qdate.month(), qdate.day())
        if terminal is not None:
            avec_session(self.atelier, self, lambda: self._lancer(
                "Chargement du terminal", modele.charge,
                lambda t: self.atelier.poste.terminaux.charger(terminal, tournee=jour, progression=t.avancer),
            ))

    def decharger(self) -> None:
        """Nothing is erased from the terminal before it is kept here."""
        self._decharger_de(self._terminal())

    def _decharger_de(self, terminal: Terminal | None) -> None:
        if terminal is not None:
            self._lancer(
                "Déchargement du terminal", modele.decharge,
                lambda t: self.atelier.poste.terminaux.decharger(terminal, t.avancer),
            )

    def signer(self) -> None:
        """The professional's card, on what the patients' cards signed at home."""
        avec_session(self.atelier, self, lambda: self._lancer(
            "Signature des visites", modele.signe, lambda _: self.atelier.poste.terminaux.signer(), file=_FILE_CARTES
        ))

    def vider(self) -> None:
        """Erase a terminal, its number typed."""
        terminal = self._terminal()
        if terminal is not None:
            confirmer(
                self, "Vider le terminal",
                f"Patients et factures du terminal {terminal.numero_serie} seront effacés. Les factures qu'aucune carte"
                " Vitale n'a signées redeviendront des brouillons.",
                "&Vider le terminal", lambda numero: self._effacer(terminal, numero),
                champ="Recopiez son &numéro de série",
            )

    # -- work ------------------------------------------------------------------------------------------------------

    def _effacer(self, terminal: Terminal, confirmation: str) -> None:
        self._lancer(
            "Effacement du terminal", lambda _: Avis(f"Terminal {terminal.numero_serie} vidé."),
            lambda _: self.atelier.poste.terminaux.vider(terminal, confirmation),
        )

    def _lancer(
        self, titre: str, dire: Callable[[Any], Avis], travail: Callable[[Tache], Any], *, file: str = _FILE
    ) -> None:
        if self.avancement.actif:
            return
        self.bandeau.taire()
        tache = self.atelier.taches.lancer(
            file, travail, resultat=lambda bilan: self._fini(dire(bilan)),
            erreur=lambda refus: self._echoue(refus, lambda: self._lancer(titre, dire, travail, file=file)),
            progression=self.avancement.avancer, proprietaire=self,
        )
        self.avancement.suivre(tache, titre, interruptible=False)
        self._choisir_suivant()

    def _fini(self, avis: Avis) -> None:
        self.avancement.finir()
        self.bandeau.dire(avis.phrase, avis.genre, code=avis.code)
        self.rafraichir()

    def _echoue(self, erreur: ErreurConnue, refaire: Callable[[], None]) -> None:
        """What failed is what « Réessayer » does again, whatever became the next right thing meanwhile."""
        self.avancement.finir()
        self.bandeau.dire_erreur(erreur, suite="Réessayer", action=refaire)
        self.rafraichir()

    def _muet(self, erreur: ErreurConnue) -> None:
        self.bandeau.dire_erreur(erreur, suite="Chercher encore", action=self.rafraichir)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _montrer(self, releve: Releve) -> None:
        self._releve = releve
        self.terminaux.remplacer(releve.terminaux, cle=lambda t: t.numero_serie)
        if releve.terminaux and self.terminaux.courante is None:
            self.terminaux.aller(0)
        visites = modele.visites(releve.attente, releve.refuses)
        self.visites.remplacer(visites, cle=lambda v: v)
        self._revenues.setCurrentIndex(1 if visites else 0)
        vide = not any(releve)
        self.vide.setVisible(vide)
        self._partage.setVisible(not vide)
        self._choisir_suivant()
        self.remplie.emit(None)

    def _choisir_suivant(self) -> None:
        """The next right thing."""
        releve, libre = self._releve, not self.avancement.actif
        premiere: QAction | None = None
        porteur = modele.a_decharger(releve.terminaux)
        if porteur is not None:
            self._suite, texte = lambda: self._decharger_de(porteur), f"Décharger {porteur.numero_serie}"
        elif releve.attente:
            self._suite, texte, premiere = self.signer, f"Signer et compléter ({len(releve.attente)})", self._signer
        elif releve.terminaux:
            self._suite, texte, premiere = self.charger, "Charger la tournée", self._charger
        else:
            self._suite, texte = self.rafraichir, "Chercher les terminaux"
        self.principale.setText(texte)  # type: ignore[union-attr]
        self.principale.setEnabled(libre)  # type: ignore[union-attr]
        for action in (self._charger, self._decharger, self._vider):
            action.setEnabled(libre and bool(releve.terminaux))
        self._signer.setEnabled(libre and bool(releve.attente))
        for action, bouton in self._seconds.items():     # the primary button is not said twice
            bouton.setVisible(action is not premiere)

    def _terminal(self) -> Terminal | None:
        """The one chosen, or the only one."""
        return self.terminaux.courante or (self._releve.terminaux[0] if self._releve.terminaux else None)

    # -- building --------------------------------------------------------------------------------------------------

    def _disposer(self) -> None:
        reglages = self.atelier.reglages
        self.terminaux = Tableau("terminaux", "Terminaux", ModeleTable(modele.colonnes_terminaux()), reglages)
        self.visites = Tableau("visites", "Visites revenues", ModeleTable(modele.colonnes_visites()), reglages)
        self.avancement, self.jour = Avancement(), ChampDate()
        self._seconds = {action: self.bouton(action) for action in (self._charger, self._signer)}
        self.jour.setDate(QDate.currentDate())
        self.jour.setAccessibleName("Jour de la tournée à charger")
        self.vide = PageVide(_VIDE, self._chercher)
        self._partage = QSplitter(Qt.Orientation.Vertical)
        self._partage.addWidget(self._section("Terminau&x sur leur socle", self.terminaux))
        self._revenues = QStackedWidget()
        self._revenues.addWidget(PageVide(_SANS_VISITE))
        self._revenues.addWidget(self.visites)
        self._partage.addWidget(self._section("Visites re&venues du domicile", self.visites, self._revenues))
        self._partage.setStretchFactor(0, 2)
        self._partage.setStretchFactor(1, 3)
        self._partage.hide()
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(self.vide, 1)
        self.colonne.addWidget(self._partage, 1)
        self.colonne.addWidget(self.avancement)
        self.colonne.addLayout(self.pied(
            self.titre_de("&Jour", self.jour), self.jour, *self._seconds.values()
        ))

    def _section(self, titre: str, tableau: Tableau, contenu: QWidget | None = None) -> QWidget:
        cadre = QWidget()
        colonne = QVBoxLayout(cadre)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.titre_de(titre, tableau))
        colonne.addWidget(contenu or tableau, 1)
        return cadre


def _relever(poste: Poste) -> Releve:
    """On a worker."""
    service = poste.terminaux
    return Releve(service.lister(), service.a_signer(), service.refuses())
