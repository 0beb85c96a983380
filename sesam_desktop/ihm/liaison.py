"""Between the frame and the workstation: opens it on a worker, reads the cards that come, keeps the frame fresh."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from sesam_desktop.noyau.erreurs import ErreurConnue

from . import etat_poste
from .etat_poste import EtatPoste, Presence
from .fenetre import Fenetre

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.poste.poste import Poste


_AVANT_DE_PREPARER = 300    # ms: the first page has its data


class Liaison(QObject):
    """Lives as long as its window. `echec` gives the ErreurConnue that keeps the workstation closed."""

    echec = Signal(object)

    def __init__(self, fenetre: Fenetre) -> None:
        super().__init__(fenetre)
        self._fenetre, self._atelier = fenetre, fenetre.atelier
        self._presence = Presence()
        self._plainte = ""                      # what was last said of a card that cannot be read
        self._demandee: CartePS | None = None   # the card whose situation was already asked
        self._patience = QTimer(self, singleShot=True, interval=300)
        self._patience.timeout.connect(self._demander_situation)
        self._regroupement = QTimer(self, singleShot=True, interval=50)
        self._regroupement.timeout.connect(self._relever)
        self._atelier.change.connect(self._changer)

    def ouvrir(self, profil: Path | None, demonstration: bool, scenario: str = "nominal") -> None:
        """Open the workstation, off the main thread. `scenario`: of the funds of a demonstration."""
        self._atelier.taches.lancer(
            "base", lambda _: _ouvrir(profil, demonstration, scenario), resultat=self.brancher,
            erreur=lambda e: self._refuser(e, lambda: self.ouvrir(profil, demonstration, scenario)),
        )

    def _refuser(self, erreur: ErreurConnue, recommencer: Callable[[], None]) -> None:
        self._fenetre.bandeau.dire_erreur(erreur, suite="Réessayer", action=recommencer)
        self.echec.emit(erreur)

    def brancher(self, poste: Poste) -> None:
        """The workstation is there: pages may use it, readers start, the strip fills."""
        self._atelier.brancher(poste)
        if poste.configuration.demonstration:
            from .demonstration import ajouter_cartes

            ajouter_cartes(self._fenetre)
        self._relever()
        self._lire_cartes()
        self._automatiser()
        QTimer.singleShot(_AVANT_DE_PREPARER, self, self._preparer)

    def _automatiser(self) -> None:
        """Mail leaves by itself in its hours, whichever page is shown."""
        from .courrier.automate import EnvoiAutomatique

        EnvoiAutomatique(self._atelier, self)

    def _preparer(self) -> None:
        from .preparation import preparer

        if self._atelier.ouvert:
            self._atelier.taches.lancer("recherche", lambda _: preparer(), proprietaire=self)

    def _changer(self, quoi: str) -> None:
        self._regroupement.start()
        if quoi == "cartes":
            self._lire_cartes()

    def _lire_cartes(self) -> None:
        """A card that came is read at once; one that cannot be says why, under the strip."""
        self._atelier.taches.lancer(
            "lecteurs", lambda _: lire_cartes(self._atelier.poste), resultat=self._voir, erreur=self._lecteurs_muets,
            proprietaire=self, remplace="cartes",
        )

    def _voir(self, lues: CartesLues) -> None:
        self._presenter(lues.presence)
        if lues.erreur is not None:
            self._carte_illisible(lues.erreur)
        elif self._plainte and self._fenetre.bandeau.phrase == self._plainte:  # all is right again: nothing to read
            self._fenetre.bandeau.taire()

    def _lecteurs_muets(self, erreur: ErreurConnue) -> None:
        self._presenter(Presence(panne=erreur.phrase()))
        self._carte_illisible(erreur)

    def _presenter(self, presence: Presence) -> None:
        if presence != self._presence:
            self._presence = presence
            self._regroupement.start()

    def _carte_illisible(self, erreur: ErreurConnue) -> None:
        self._fenetre.bandeau.dire_erreur(erreur, suite="Relire les cartes", action=self._lire_cartes)
        self._plainte = self._fenetre.bandeau.phrase

    def _relever(self) -> None:
        if self._atelier.ouvert:
            presence = self._presence
            self._atelier.taches.lancer(
                "base", lambda _: etat_poste.relever(self._atelier.poste, presence), resultat=self._montrer,
                proprietaire=self, remplace="état",
            )

    def _montrer(self, etat: EtatPoste) -> None:
        self._fenetre.montrer_etat(etat)
        if not etat.session_ouverte:      # the card left, or the session ended: what was chosen is forgotten too
            self._demandee = None
        if etat.situation_a_choisir and etat.ps != self._demandee:
            self._demander_situation()

    def _demander_situation(self) -> None:
        """Once a card: in which situation one works. A question already on screen is answered first."""
        lecteurs = self._atelier.poste.lecteurs
        if QApplication.activeModalWidget() is not None:
            self._patience.start()
        elif lecteurs.situation is None and len(lecteurs.situations()) > 1:
            self._demandee = lecteurs.ps
            self._fenetre.choisir_situation()


class CartesLues(NamedTuple):
    """What came of a look at the readers: `erreur` of the first card that could not be read."""

    presence: Presence
    erreur: ErreurConnue | None = None


def lire_cartes(poste: Poste) -> CartesLues:
    """Read the cards that are in and were not read yet; Facturer follows the professional. On the readers' queue.

    A card that cannot be read does not keep the others from being read. Raises when no reader answers.
    """
    from sesam_desktop.poste.facturation import profession_de

    lecteurs = poste.lecteurs
    presence = etat_poste.compter(lecteurs.fentes())
    lectures: list[tuple[int, object, Callable[[], object]]] = [
        (presence.cps, lecteurs.ps, lecteurs.lire_ps),
        (presence.vitale, lecteurs.vitale, lecteurs.lire_vitale),
        (presence.duo, lecteurs.duo, lecteurs.lire_duo),
    ]
    erreurs = [_lire(lire) for nombre, lue, lire in lectures if nombre and lue is None]
    if lecteurs.situation is not None:
        poste.changer_profession(profession_de(lecteurs.situation.specialite))
    return CartesLues(presence, next((erreur for erreur in erreurs if erreur is not None), None))


def _lire(lire: Callable[[], object]) -> ErreurConnue | None:
    try:
        lire()
    except ErreurConnue as erreur:
        return erreur
    return None


def _ouvrir(profil: Path | None, demonstration: bool, scenario: str) -> Poste:
    from sesam_desktop.poste.poste import Poste

    poste = Poste.demonstration(profil, scenario) if demonstration else Poste.ouvrir(profil)
    poste.lecteurs.temoin.demarrer()  # what failed before the program started says nothing any more
    return poste
