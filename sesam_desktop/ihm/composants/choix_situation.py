"""A card with several situations de facturation: in which one does one work now? Asked once, one key answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QVBoxLayout, QWidget

from ..atelier import Atelier
from .bandeau import Bandeau

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import Situation

_ATTENTE_MS = 100      # a scanner sends its next character before that


class ChoixSituation(QDialog):
    """1 to 9 take a situation, arrows and Enter too. What was chosen holds until the card leaves.

    A digit followed at once by another is a scanner's, or somebody who was typing: it chooses nothing.
    """

    def __init__(self, atelier: Atelier, situations: Sequence[Situation], courante: Situation | None,
                 parent: QWidget) -> None:
        from sesam_desktop.poste.situations import libelle

        super().__init__(parent)
        self._atelier, self._situations = atelier, tuple(situations)
        self._tapee = ""
        self._attente = QTimer(self, singleShot=True, interval=_ATTENTE_MS)
        self._attente.timeout.connect(self._conclure)
        self.setWindowTitle("Situation de facturation")
        self.liste = QListWidget()
        self.liste.setAccessibleName("Situations de facturation de la carte")
        self.liste.setWordWrap(True)
        for rang, situation in enumerate(self._situations, 1):
            self.liste.addItem(f"{rang}   {libelle(situation)}")
        self.liste.installEventFilter(self)
        self.liste.setCurrentRow(self._situations.index(courante) if courante in self._situations else 0)
        self.liste.itemActivated.connect(lambda _: self._choisir(self.liste.currentRow()))
        self.bandeau = Bandeau(self)
        self._disposer()

    def eventFilter(self, objet: QObject, evenement: QEvent) -> bool:
        """A digit answers, of either keypad: the list would only look it up."""
        if isinstance(evenement, QKeyEvent) and evenement.type() == QEvent.Type.KeyPress:
            if evenement.text().isdigit():
                self._tapee += evenement.text()
                self._attente.start()
                return True
            if self._attente.isActive():     # Enter, at the end of a scan
                return True
        return super().eventFilter(objet, evenement)

    def _conclure(self) -> None:
        tapee, self._tapee = self._tapee, ""
        if len(tapee) == 1 and 1 <= int(tapee) <= len(self._situations):
            self._choisir(int(tapee) - 1)

    def _disposer(self) -> None:
        boutons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        boutons.addButton("&Facturer dans cette situation", QDialogButtonBox.ButtonRole.AcceptRole)
        boutons.accepted.connect(lambda: self._choisir(self.liste.currentRow()))
        boutons.rejected.connect(self.reject)
        etiquette = QLabel("&Plusieurs situations de facturation sont inscrites sur votre carte."
                           " Dans laquelle travaillez-vous ? Tapez son numéro.", wordWrap=True)
        etiquette.setBuddy(self.liste)
        colonne = QVBoxLayout(self)
        for widget in (etiquette, self.liste, self.bandeau, boutons):
            colonne.addWidget(widget)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 90)
        self.liste.setFocus()

    def _choisir(self, rang: int) -> None:
        """Told to the readers' room, on its queue; the card may have left meanwhile."""
        situation = self._situations[rang]
        self._atelier.taches.lancer(
            "lecteurs", lambda _: self._atelier.poste.lecteurs.choisir_situation(situation.rang),
            resultat=lambda _: self.accept(), erreur=self.bandeau.dire_erreur, proprietaire=self,
        )


def choisir_situation(atelier: Atelier, parent: QWidget) -> ChoixSituation | None:
    """Ask, without blocking; None when there is nothing to choose."""
    lecteurs = atelier.poste.lecteurs
    situations = lecteurs.situations()
    if len(situations) < 2:
        return None
    dialogue = ChoixSituation(atelier, situations, lecteurs.situation, parent)
    dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialogue.open()
    return dialogue
