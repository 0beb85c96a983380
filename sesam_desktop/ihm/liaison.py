"""Between the frame and the workstation: opens it on a worker, reads the cards that come, keeps the frame fresh."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from sesam_desktop.noyau.erreurs import ErreurConnue

from . import etat_poste
from .fenetre import Fenetre

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste


class Liaison(QObject):
    """Lives as long as its window. `echec` gives the ErreurConnue that keeps the workstation closed."""

    echec = Signal(object)

    def __init__(self, fenetre: Fenetre) -> None:
        super().__init__(fenetre)
        self._fenetre, self._atelier = fenetre, fenetre.atelier
        self._regroupement = QTimer(self, singleShot=True, interval=50)
        self._regroupement.timeout.connect(self._relever)
        self._atelier.change.connect(self._changer)

    def ouvrir(self, profil: Path | None, demonstration: bool) -> None:
        """Open the workstation, off the main thread."""
        self._atelier.taches.lancer(
            "base", lambda _: _ouvrir(profil, demonstration), resultat=self.brancher,
            erreur=lambda e: self._refuser(e, profil, demonstration),
        )

    def _refuser(self, erreur: ErreurConnue, profil: Path | None, demonstration: bool) -> None:
        self._fenetre.bandeau.dire_erreur(
            erreur, suite="Réessayer", action=lambda: self.ouvrir(profil, demonstration)
        )
        self.echec.emit(erreur)

    def brancher(self, poste: Poste) -> None:
        """The workstation is there: pages may use it, readers start, the strip fills."""
        self._atelier.brancher(poste)
        if poste.configuration.demonstration:
            from .demonstration import ajouter_cartes

            ajouter_cartes(self._fenetre)
        self._relever()
        self._lire_cartes()

    def _changer(self, quoi: str) -> None:
        self._regroupement.start()
        if quoi == "cartes":
            self._lire_cartes()

    def _lire_cartes(self) -> None:
        """A card that came is read at once; one that cannot be says why, under the strip."""
        self._atelier.taches.lancer(
            "lecteurs", lambda _: lire_cartes(self._atelier.poste), erreur=self._carte_illisible, proprietaire=self,
            remplace="cartes",
        )

    def _carte_illisible(self, erreur: ErreurConnue) -> None:
        self._fenetre.bandeau.dire_erreur(erreur, suite="Relire les cartes", action=self._lire_cartes)

    def _relever(self) -> None:
        if self._atelier.ouvert:
            self._atelier.taches.lancer(
                "base", lambda _: etat_poste.relever(self._atelier.poste), resultat=self._fenetre.montrer_etat,
                proprietaire=self, remplace="état",
            )


def lire_cartes(poste: Poste) -> None:
    """Read the cards that are in and were not read yet; Facturer follows the professional. On the readers' queue."""
    from sesam_desktop.poste.facturation import profession_de

    lecteurs = poste.lecteurs
    presentes = [fente.carte for fente in lecteurs.fentes() if fente.etat == "presente"]
    if lecteurs.ps is None and any(carte.est_cps for carte in presentes):
        lecteurs.lire_ps()
    if lecteurs.vitale is None and any(carte.est_vitale for carte in presentes):
        lecteurs.lire_vitale()
    if lecteurs.ps is not None and lecteurs.ps.situations:
        poste.changer_profession(profession_de(lecteurs.ps.situations[0].specialite))


def _ouvrir(profil: Path | None, demonstration: bool) -> Poste:
    from sesam_desktop.poste.poste import Poste

    if not demonstration:
        return Poste.ouvrir(profil)
    from sesam_desktop.poste import demonstration as poste_de_demonstration
    from sesam_desktop.poste.environnement import profil_par_defaut

    return poste_de_demonstration.ouvrir(profil or profil_par_defaut() / "demonstration")
