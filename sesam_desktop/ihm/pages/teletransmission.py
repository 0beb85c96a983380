"""Télétransmission: the life of a lot in three columns, and one key that does the next right thing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QStackedWidget, QTabWidget, QWidget

from ..atelier import Atelier
from ..composants.classement import confirmer_classement
from ..composants.code_porteur import avec_session
from ..composants.essai_a_blanc import EssaiABlanc
from ..composants.retour_lu import RetourLu
from ..courrier.colonnes import Colonnes
from ..courrier.corbeille import Corbeille
from ..courrier.remedes import REMEDES, remedier
from ..courrier.suspension import reprendre, suspendre
from ..modeles import bilans
from ..modeles.bilans import Avis
from ..modeles.retours import RetourOuvert, ouvrir
from ..modeles.teletransmission import (
    Fiche,
    caisses_de,
    fiche_avis,
    fiche_message,
)
from .page import A_REPRENDRE_DEMANDE
from .travaux import PageTravaux

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.depot_messages import MessageVu
    from sesam_desktop.teletransmission.tableau import Tableau

CORBEILLE, AVIS = "corbeille", "avis"


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
        """The three columns, and the outbox when it is shown, by a worker."""
        if self.onglets.currentWidget() is self.corbeille:
            self.corbeille.rafraichir()
        self.atelier.taches.lancer(
            "base", lambda _: self._lire(), resultat=lambda lu: self._montrer(*lu),
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="lots",
        )

    def montrer(self, argument: object) -> None:
        """One of the columns, by its name, the outbox, or what mail servers said of it."""
        self.revenir()
        self.onglets.setCurrentIndex(argument in (CORBEILLE, AVIS))
        if argument == AVIS:
            self.corbeille.montrer_avis()
        elif argument == CORBEILLE:
            self.corbeille.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.colonnes.aller(str(argument))

    def _lire(self) -> tuple[Tableau, dict[str, str]]:
        tableau = self.atelier.poste.transmission.tableau()
        return tableau, caisses_de(self.atelier.poste, tableau)

    def _montrer(self, tableau: Tableau, caisses: dict[str, str]) -> None:
        self.colonnes.montrer(tableau, caisses)
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
            self._essaye,
        )

    def _essaye(self, bilan: Any) -> None:
        self.essai.montrer(bilan)
        self._devant(self.essai)

    def remedier(self) -> None:
        """F9: what the card chosen calls for."""
        remedier(self, self._fiche)

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
        remede = REMEDES.get(fiche.remede if fiche else "")
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
        self._devant(self.retour)

    def _devant(self, vue: QWidget) -> None:
        self.pile.setCurrentWidget(vue)
        vue.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ouvrir_message(self, message: MessageVu) -> None:
        """The returns of the lot it carries."""
        if message.lots:
            self.ouvrir(fiche_message(message))

    def _changer_de_vue(self) -> None:
        self._choisir(None)
        if self.atelier.ouvert:
            self.rafraichir()

    def revenir(self) -> None:
        """Escape: back to the columns."""
        self.pile.setCurrentIndex(0)

    # -- building --------------------------------------------------------------------------------------------------

    def _faire_widgets(self) -> None:
        self.colonnes = Colonnes()
        self.colonnes.ouverte.connect(self.ouvrir)
        self.colonnes.choisie.connect(self._choisir)
        self.corbeille = Corbeille(self.atelier)
        self.corbeille.choisi.connect(lambda m: self._choisir(fiche_message(m) if m is not None else None))
        self.corbeille.ouvert.connect(self._ouvrir_message)
        self.corbeille.avis_ouvert.connect(lambda avis: self.ouvrir(fiche_avis(avis)))
        self.corbeille.boites.suspendre.connect(lambda boite: suspendre(self, boite))
        self.corbeille.boites.reprendre.connect(lambda boite: reprendre(self, boite))
        self.retour, self.essai = RetourLu(self.atelier), EssaiABlanc(self.atelier)
        self.resume = QLabel()

    def _disposer(self) -> None:
        self.onglets = QTabWidget()
        self.onglets.setAccessibleName("Télétransmission")
        self.onglets.addTab(self.colonnes, "&Lots")
        self.onglets.addTab(self.corbeille, "Corbe&ille de départ")
        self.onglets.currentChanged.connect(lambda _: self._changer_de_vue())
        self.pile = QStackedWidget()
        self.pile.addWidget(self.onglets)
        self.pile.addWidget(self.retour)
        self.pile.addWidget(self.essai)
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(self.pile, 1)
        self.colonne.addWidget(self.avancement)
        self.colonne.addLayout(self.pied(self.resume, droite=self.bouton(self._remede)))
