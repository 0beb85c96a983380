"""The outbox: mailboxes, messages by state, and the tries of the one chosen with the server's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ..atelier import Atelier
from ..composants.page_vide import PageVide
from ..composants.tableau import Tableau
from ..modeles.corbeille import FILTRES, colonnes_avis, colonnes_essais, colonnes_messages
from ..modeles.table import ModeleTable
from .boites import Boites

if TYPE_CHECKING:
    from sesam_desktop.poste.corbeille import EtatBoite
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.teletransmission.depot_corbeille import Essai
    from sesam_desktop.teletransmission.depot_messages import MessageVu
    from sesam_desktop.teletransmission.depot_retours import CourrierVu


class Lue(NamedTuple):
    """What a worker reads for this view."""

    boites: Sequence[EtatBoite]
    messages: Sequence[MessageVu]
    avis: Sequence[CourrierVu]


_SANS_ESSAI = "Chaque essai d'envoi s'écrit ici, avec les mots du serveur. Ce message n'en a encore aucun."
_VIDE = "Chaque lot part dans un message qui reste ici, avec ses essais et les mots du serveur. Aucun pour l'instant."


class Corbeille(QWidget):
    """`choisi` gives the message under the arrows, `ouvert` and `avis_ouvert` what was activated."""

    choisi = Signal(object)
    ouvert = Signal(object)
    avis_ouvert = Signal(object)

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self._avis_voulus = False
        self.boites, self.filtre = Boites(), QComboBox()
        for cle, texte, _ in FILTRES:
            self.filtre.addItem(texte, cle)
        self.filtre.setAccessibleName("État des messages")
        reglages = atelier.reglages
        self.messages = Tableau("messages", "Messages", ModeleTable(colonnes_messages()), reglages)
        self.essais = Tableau("essais", "Essais du message", ModeleTable(colonnes_essais()), reglages, triable=False)
        self.avis = Tableau("avis", "Avis des serveurs", ModeleTable(colonnes_avis()), reglages, triable=False)
        self.messages.choisie.connect(self._choisir)
        self.messages.ouverte.connect(self.ouvert)
        self.avis.ouverte.connect(self.avis_ouvert)
        self.filtre.activated.connect(lambda _: self.rafraichir())
        self._disposer()

    def rafraichir(self) -> None:
        """Ask again, by a worker."""
        etats = next(etats for cle, _, etats in FILTRES if cle == self.filtre.currentData())
        poste = self._atelier.poste
        self._atelier.taches.lancer(
            "base", lambda _: _lire(poste, etats), resultat=self._montrer, proprietaire=self, remplace="corbeille",
        )

    def montrer_avis(self) -> None:
        """What mail servers said of our messages, in front once it is read."""
        self._avis_voulus = True
        self.rafraichir()

    def _montrer(self, lue: Lue) -> None:
        self.boites.montrer(lue.boites)
        self.messages.remplacer(list(lue.messages), cle=lambda m: m.message_id)
        self.avis.remplacer(list(lue.avis), cle=lambda c: c.id)
        self.details.setTabVisible(1, bool(lue.avis))
        self.pile.setCurrentIndex(0 if lue.messages or lue.avis or self.filtre.currentData() else 1)
        if lue.messages and self.messages.courante is None:
            self.messages.aller(0)
        elif not lue.messages:
            self._choisir(None)
        if self._avis_voulus and lue.avis:
            self.details.setCurrentWidget(self.avis)
            self.avis.setFocus(Qt.FocusReason.OtherFocusReason)
        self._avis_voulus = False

    def _choisir(self, message: MessageVu | None) -> None:
        self.choisi.emit(message)
        if message is None:
            self._montrer_essais([])
            return
        poste = self._atelier.poste
        self._atelier.taches.lancer(
            "base", lambda _: poste.corbeille.journal(message.message_id), resultat=self._montrer_essais,
            proprietaire=self, remplace="journal",
        )

    def _montrer_essais(self, essais: list[Essai]) -> None:
        self.essais.remplacer(essais)
        self._journal.setCurrentIndex(0 if essais else 1)

    def _disposer(self) -> None:
        filtres = QHBoxLayout()
        etiquette = QLabel("&Montrer")
        etiquette.setBuddy(self.filtre)
        filtres.addWidget(etiquette)
        filtres.addWidget(self.filtre)
        filtres.addStretch(1)
        partage = QSplitter(Qt.Orientation.Vertical)
        partage.addWidget(self.messages)
        self.details = QTabWidget()
        self.details.setAccessibleName("Message et serveurs")
        self._journal = QStackedWidget()
        self._journal.addWidget(self.essais)
        self._journal.addWidget(PageVide(_SANS_ESSAI))
        self.details.addTab(self._journal, "&Journal du message")
        self.details.addTab(self.avis, "A&vis des serveurs")
        partage.addWidget(self.details)
        partage.setStretchFactor(0, 3)
        partage.setStretchFactor(1, 2)
        self.pile = QStackedWidget()
        self.pile.addWidget(partage)
        self.pile.addWidget(PageVide(_VIDE))
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.boites)
        colonne.addLayout(filtres)
        colonne.addWidget(self.pile, 1)
        self.setFocusProxy(self.messages)


def _lire(poste: Poste, etats: tuple[str, ...]) -> Lue:
    """On a worker."""
    corbeille = poste.corbeille
    return Lue(corbeille.etat(), corbeille.messages(etats), corbeille.avis())
