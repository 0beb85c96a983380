"""Télétransmission: the life of a lot in three columns, and one key that does the next right thing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QSplitter, QStackedWidget

from sesam_desktop.noyau.erreurs import Annulation, ErreurConnue

from ..atelier import Atelier
from ..composants.avancement import Avancement
from ..composants.code_porteur import avec_session
from ..composants.colonne_fiches import ColonneFiches
from ..composants.retour_lu import RetourLu
from ..modeles.teletransmission import Fiche, RetourOuvert, fiche_lot, fiches_a_traiter, ouvrir
from ..taches import Tache
from .factures import A_CORRIGER_DEMANDE as A_CORRIGER
from .page import Page

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.tableau import Tableau

PREPARER, ENVOYER, RELEVER = "preparer", "envoyer", "relever"
_FILE = "messagerie"


class Teletransmission(Page):
    """À envoyer → envoyés, en attente d'ARL → à traiter."""

    cle, titre = "teletransmission", "Télétransmission"
    ecoute = ("factures", "lots", "retours", "pieces")

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self._suivant = RELEVER
        self._faire_widgets()
        self.ajouter_action("&Préparer les lots", "F5", self.preparer, indice="préparer")
        self.ajouter_action("&Envoyer", "F6", self.envoyer, icone="envoyer")
        self.ajouter_action("&Relever les retours", "F7", self.relever, icone="importer", indice="relever")
        self.ajouter_action("Importer un retour…", "F8", self.choisir_retour, indice="importer un retour")
        self.ajouter_action("Relever les retours", "F10", self.suivant, icone="teletransmission", principale=True,
                            indice="la suite")
        self.ajouter_action("Retour aux lots", "Escape", self.revenir, indice="revenir")
        self._disposer()

    # -- what is shown ---------------------------------------------------------------------------------------------

    def rafraichir(self) -> None:
        """The three columns, by a worker."""
        self.atelier.taches.lancer(
            "base", lambda _: self.atelier.poste.transmission.tableau(), resultat=self._montrer,
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="lots",
        )

    def _montrer(self, tableau: Tableau) -> None:
        self.a_envoyer.montrer([fiche_lot(lot, "à faire") for lot in tableau.a_envoyer])
        self.en_attente.montrer([fiche_lot(lot, "en cours") for lot in tableau.en_attente])
        self.a_traiter.montrer(fiches_a_traiter(tableau))
        self._choisir_suivant(tableau.factures_a_mettre_en_lot, len(tableau.a_envoyer))

    def _choisir_suivant(self, a_mettre_en_lot: int, a_envoyer: int) -> None:
        """The next right thing: make lots of what is signed, then send, then fetch."""
        pluriel = "s" if (a_mettre_en_lot or a_envoyer) > 1 else ""
        if a_mettre_en_lot:
            self._suivant, texte = PREPARER, f"Mettre en lot {a_mettre_en_lot} facture{pluriel}"
        elif a_envoyer:
            self._suivant, texte = ENVOYER, f"Envoyer {a_envoyer} lot{pluriel}"
        else:
            self._suivant, texte = RELEVER, "Relever les retours"
        self.principale.setText(texte)  # type: ignore[union-attr]
        self.resume.setText(
            f"{a_mettre_en_lot} facture{pluriel} signée{pluriel} à mettre en lot" if a_mettre_en_lot else ""
        )

    # -- what is done ----------------------------------------------------------------------------------------------

    def suivant(self) -> None:
        """F10."""
        {PREPARER: self.preparer, ENVOYER: self.envoyer, RELEVER: self.relever}[self._suivant]()

    def preparer(self) -> None:
        """Make lots; the professional's card signs them."""
        avec_session(self.atelier, self, lambda: self._lancer(
            "Mise en lot", lambda t: self.atelier.poste.transmission.preparer(False, t.avancer, t.annulee),
            self._prepares,
        ))

    def envoyer(self) -> None:
        """Empty the outbox, without waiting for what the server had put off: somebody asks."""
        self._lancer(
            "Envoi des lots", lambda t: self.atelier.poste.transmission.envoyer(t.avancer, t.annulee, maintenant=True),
            self._envoyes,
        )

    def relever(self) -> None:
        """Empty the mailbox and match what it holds."""
        self._lancer(
            "Relève des retours", lambda t: self.atelier.poste.transmission.relever(t.avancer, t.annulee),
            self._releves,
        )

    def choisir_retour(self) -> None:
        """A return received by another way."""
        chemin, _ = QFileDialog.getOpenFileName(self, "Importer un retour")
        if chemin:
            self._lancer(
                "Import du retour", lambda _: self.atelier.poste.transmission.importer(Path(chemin)), self._releves
            )

    def _lancer(self, titre: str, travail: Callable[[Tache], Any], resultat: Callable[[Any], None]) -> None:
        if self.avancement.actif:
            return
        self.bandeau.taire()
        tache = self.atelier.taches.lancer(
            _FILE, travail, resultat=lambda bilan: self._finir(resultat, bilan), erreur=self._echouer,
            progression=self.avancement.avancer, proprietaire=self,
        )
        self.avancement.suivre(tache, titre)
        self.principale.setEnabled(False)  # type: ignore[union-attr]

    def _finir(self, suite: Callable[[Any], None], bilan: Any) -> None:
        self.avancement.finir()
        self.principale.setEnabled(True)  # type: ignore[union-attr]
        suite(bilan)
        self.rafraichir()

    def _echouer(self, erreur: ErreurConnue) -> None:
        self.avancement.finir()
        self.principale.setEnabled(True)  # type: ignore[union-attr]
        if isinstance(erreur, Annulation):
            self.bandeau.dire(erreur.phrase())
        else:
            self.bandeau.dire_erreur(erreur, suite="Réessayer", action=self.suivant)
        self.rafraichir()

    def _prepares(self, bilan: Any) -> None:
        if bilan.refus:
            premier = bilan.refus[0]
            autres = f" (et {len(bilan.refus) - 1} autres)" if len(bilan.refus) > 1 else ""
            self.bandeau.dire(f"Facture {premier.facture} laissée de côté : {premier.message}{autres}", "avertissement",
                              code=premier.code)
        else:
            self.bandeau.dire(_compter(len(bilan.lots), "lot prêt", "lots prêts") + " à envoyer.", "succes")

    def _envoyes(self, bilan: Any) -> None:
        remis = _compter(bilan.remis, "message remis au serveur", "messages remis au serveur")
        if bilan.refuses or bilan.reportes:
            self.bandeau.dire(
                f"{remis}, {bilan.reportes} reportés, {bilan.refuses} refusés. Le motif est écrit sur chaque lot.",
                "avertissement",
            )
        else:
            self.bandeau.dire(f"{remis}.", "succes")

    def _releves(self, bilan: Any) -> None:
        if not bilan.recus:
            self.bandeau.dire("Aucun nouveau retour dans la boîte.")
            return
        morceaux = [_compter(n, un, des) for n, un, des in (
            (bilan.arl_positifs, "lot accepté", "lots acceptés"), (bilan.arl_negatifs, "lot refusé", "lots refusés"),
            (bilan.payees, "facture payée", "factures payées"),
            (bilan.rejetees, "facture rejetée", "factures rejetées"),
            (bilan.anomalies, "montant différent", "montants différents"),
            (bilan.quarantaine, "message illisible", "messages illisibles"),
        ) if n]
        grave = bilan.arl_negatifs or bilan.rejetees or bilan.anomalies or bilan.quarantaine
        phrase = _compter(bilan.recus, "retour relevé", "retours relevés")
        self.bandeau.dire(f"{phrase} : {', '.join(morceaux)}." if morceaux else f"{phrase}.",
                          "avertissement" if grave else "succes")

    # -- one return ------------------------------------------------------------------------------------------------

    def ouvrir(self, fiche: Fiche) -> None:
        """A return, as received and as read; rejected invoices, in their list."""
        if fiche.page:
            self.atelier.demander(fiche.page, A_CORRIGER)
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
        self.en_attente = ColonneFiches("Envoyés, en a&ttente d'ARL", "Les lots envoyés attendent ici leur accusé.")
        self.a_traiter = ColonneFiches("À trai&ter", "Refus, rejets, écarts et retards s'affichent ici.")
        for colonne in (self.a_envoyer, self.en_attente, self.a_traiter):
            colonne.ouverte.connect(self.ouvrir)
        self.retour = RetourLu(self.atelier)
        self.avancement, self.resume = Avancement(), QLabel()

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
        self.colonne.addLayout(self.pied(self.resume))


def _compter(nombre: int, singulier: str, pluriel: str) -> str:
    return f"{nombre} {pluriel if nombre > 1 else singulier}"
