"""Télétransmission: the life of a lot in three columns, and one key that does the next right thing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QSplitter, QStackedWidget

from ..atelier import Atelier
from ..composants.classement import confirmer_classement
from ..composants.code_porteur import avec_session
from ..composants.colonne_fiches import ColonneFiches
from ..composants.retour_lu import RetourLu
from ..modeles import bilans
from ..modeles.bilans import Avis
from ..modeles.teletransmission import (
    RELANCER,
    RELIRE,
    RENVOYER,
    Fiche,
    RetourOuvert,
    caisses_de,
    fiche_lot,
    fiches_a_traiter,
    lu_a_blanc,
    ouvrir,
)
from .page import A_REPRENDRE_DEMANDE
from .travaux import PageTravaux

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.tableau import Tableau

_REMEDES = {RELANCER: "Relancer l'envoi", RELIRE: "Relire le retour", RENVOYER: "Renvoyer les factures refusées"}


class Teletransmission(PageTravaux):
    """À envoyer → envoyés, en attente d'ARL → à traiter."""

    cle, titre = "teletransmission", "Télétransmission"
    ecoute = ("factures", "lots", "retours", "pieces", "cartes")
    file = "messagerie"

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self._suivant, self._laissees = bilans.RELEVER, 0
        self._fiche: Fiche | None = None
        self._faire_widgets()
        self.ajouter_action("Essai à &blanc", "F3", self.essayer, indice="essai à blanc")
        self._classer = self.ajouter_action("Classer le retour…", "F4", self.classer, icone="retirer", indice="classer")
        self._classer.setEnabled(False)
        self.ajouter_action("&Préparer les lots", "F5", self.preparer, indice="préparer")
        self.ajouter_action("&Envoyer", "F6", self.envoyer, icone="envoyer")
        self.ajouter_action("&Relever les retours", "F7", self.relever, icone="importer", indice="relever")
        self.ajouter_action("Importer un retour…", "F8", self.choisir_retour, indice="importer un retour")
        self._remede = self.ajouter_action("Relancer", "F9", self.remedier, icone="actualiser", indice="relancer")
        self._remede.setEnabled(False)
        self.ajouter_action("Relever les retours", "F10", self.suivant, icone="teletransmission", principale=True,
                            indice="la suite")
        self.ajouter_action("Retour aux lots", "Escape", self.revenir, indice="revenir")
        self._disposer()

    # -- what is shown ---------------------------------------------------------------------------------------------

    def rafraichir(self) -> None:
        """The three columns, by a worker."""
        self.atelier.taches.lancer(
            "base", lambda _: self._lire(), resultat=lambda lu: self._montrer(*lu),
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="lots",
        )

    def montrer(self, argument: object) -> None:
        """One of the columns, by its name."""
        self.revenir()
        self._colonnes[str(argument)].liste.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lire(self) -> tuple[Tableau, dict[str, str]]:
        tableau = self.atelier.poste.transmission.tableau()
        return tableau, caisses_de(self.atelier.poste, tableau)

    def _montrer(self, tableau: Tableau, caisses: dict[str, str]) -> None:
        self.a_envoyer.montrer([fiche_lot(lot, "à faire", caisses[lot.fonds]) for lot in tableau.a_envoyer])
        self.en_attente.montrer([fiche_lot(lot, "en cours", caisses[lot.fonds]) for lot in tableau.en_attente])
        self.a_traiter.montrer(fiches_a_traiter(tableau, caisses))
        self._choisir_suivant(tableau.factures_a_mettre_en_lot, len(tableau.a_envoyer))

    def _choisir_suivant(self, a_mettre_en_lot: int, a_envoyer: int) -> None:
        self._suivant, texte = bilans.la_suite(a_mettre_en_lot, a_envoyer, self._laissees)
        self.principale.setText(texte)  # type: ignore[union-attr]
        self.resume.setText(bilans.signees(a_mettre_en_lot))

    # -- what is done ----------------------------------------------------------------------------------------------

    def suivant(self) -> None:
        """F10."""
        {bilans.PREPARER: self.preparer, bilans.ENVOYER: self.envoyer, bilans.RELEVER: self.relever}[self._suivant]()

    def preparer(self) -> None:
        """Make lots; the professional's card signs them."""
        avec_session(self.atelier, self, lambda: self.lancer(
            "Mise en lot", lambda t: self.atelier.poste.transmission.preparer(False, t.avancer, t.annulee),
            self._prepares,
        ))

    def _prepares(self, bilan: Any) -> Avis:
        self._laissees = len(bilan.refus)
        return bilans.prepares(bilan)

    def _changer(self, quoi: str) -> None:
        """Another card may make the lots that the one before could not."""
        self._laissees = 0 if quoi == "cartes" else self._laissees
        super()._changer(quoi)

    def essayer(self) -> None:
        """F3: which lots would be made, and which invoices left aside. Nothing is written."""
        self.lancer(
            "Essai à blanc", lambda t: self.atelier.poste.transmission.preparer(True, t.avancer, t.annulee),
            lambda bilan: self._ouvert(lu_a_blanc(bilan)),
        )

    def remedier(self) -> None:
        """F9: what the card chosen calls for."""
        fiche, transmission = self._fiche, self.atelier.poste.transmission
        if fiche is None or not fiche.remede:
            self.bandeau.dire("Choisissez dans « À traiter » un envoi refusé, un retour illisible ou un lot refusé.")
        elif fiche.remede == RELANCER:
            self.lancer("Relance", lambda _: transmission.relancer(fiche.message_id), bilans.relance)
        elif fiche.remede == RELIRE:
            self.lancer("Relecture", lambda _: transmission.relire(fiche.courrier), bilans.releves)
        else:
            avec_session(self.atelier, self, lambda: self.lancer(
                "Mise en lot", lambda t: transmission.preparer(False, t.avancer, t.annulee, refusees=True),
                bilans.prepares,
            ))

    def classer(self) -> None:
        """F4: a return that answers nothing of ours, or stays unreadable, wants nobody any more."""
        fiche, transmission = self._fiche, self.atelier.poste.transmission
        if fiche is not None and fiche.courrier:
            confirmer_classement(self, fiche, lambda motif: self.lancer(
                "Classement", lambda _: transmission.classer(fiche.courrier, motif), bilans.classe
            ))

    def envoyer(self) -> None:
        """Empty the outbox, without waiting for what the server had put off: somebody asks."""
        self.lancer(
            "Envoi des lots", lambda t: self.atelier.poste.transmission.envoyer(t.avancer, t.annulee, maintenant=True),
            bilans.envoyes,
        )

    def relever(self) -> None:
        """Empty the mailbox and match what it holds."""
        self.lancer(
            "Relève des retours", lambda t: self.atelier.poste.transmission.relever(t.avancer, t.annulee),
            bilans.releves,
        )

    def choisir_retour(self) -> None:
        """A return received by another way."""
        chemin, _ = QFileDialog.getOpenFileName(self, "Importer un retour")
        if chemin:
            self.lancer(
                "Import du retour", lambda _: self.atelier.poste.transmission.importer(Path(chemin)), bilans.releves
            )

    def occuper(self) -> None:
        """F10 waits for the job under way."""
        self.principale.setEnabled(not self.avancement.actif)  # type: ignore[union-attr]

    def _choisir(self, fiche: Fiche | None) -> None:
        self._fiche = fiche
        remede = _REMEDES.get(fiche.remede if fiche else "")
        self._remede.setEnabled(remede is not None)
        self._remede.setText(remede or "Relancer")
        self._classer.setEnabled(fiche is not None and fiche.courrier > 0)

    # -- one return ------------------------------------------------------------------------------------------------

    def ouvrir(self, fiche: Fiche) -> None:
        """A return, as received and as read; rejected invoices, in their list."""
        if fiche.page:
            self.atelier.demander(fiche.page, A_REPRENDRE_DEMANDE)
            return
        self.atelier.taches.lancer(
            "base", lambda _: ouvrir(self.atelier.poste, fiche), resultat=self._ouvert,
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="retour",
        )

    def _ouvert(self, retour: RetourOuvert) -> None:
        self.retour.montrer(retour)
        self.pile.setCurrentWidget(self.retour)
        self.retour.setFocus(Qt.FocusReason.OtherFocusReason)

    def revenir(self) -> None:
        """Escape: back to the columns."""
        self.pile.setCurrentIndex(0)

    # -- building --------------------------------------------------------------------------------------------------

    def _faire_widgets(self) -> None:
        self.a_envoyer = ColonneFiches("À &envoyer", "Les lots prêts attendent ici leur envoi.")
        self.en_attente = ColonneFiches("Envo&yés, en attente d'ARL", "Les lots envoyés attendent ici leur accusé.")
        self.a_traiter = ColonneFiches("À trai&ter", "Refus, rejets, écarts et retards s'affichent ici.")
        for colonne in (self.a_envoyer, self.en_attente, self.a_traiter):
            colonne.ouverte.connect(self.ouvrir)
            colonne.choisie.connect(self._choisir)
        self._colonnes = {"a_envoyer": self.a_envoyer, "en_attente": self.en_attente, "a_traiter": self.a_traiter}
        self.retour = RetourLu(self.atelier)
        self.resume = QLabel()

    def _disposer(self) -> None:
        colonnes = QSplitter(Qt.Orientation.Horizontal)
        for colonne in (self.a_envoyer, self.en_attente, self.a_traiter):
            colonnes.addWidget(colonne)
        self.pile = QStackedWidget()
        self.pile.addWidget(colonnes)
        self.pile.addWidget(self.retour)
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(self.pile, 1)
        self.colonne.addWidget(self.avancement)
        self.colonne.addLayout(self.pied(self.resume, droite=self.bouton(self._remede)))
