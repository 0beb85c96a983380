"""Ctrl+K: one field that reaches every page, action, patient, invoice and setting."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from . import icones
from .atelier import Atelier

_DEPLACEMENTS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True)
class Commande:
    """One thing the palette reaches: `genre` says what it is (Page, Action, Patient, Facture, Réglage)."""

    genre: str
    texte: str
    faire: Callable[[], object]
    icone: str = "suivant"
    touche: str = ""


def simplifier(texte: str) -> str:
    """Without accents, capitals or mnemonics: what is compared."""
    decompose = unicodedata.normalize("NFD", texte.replace("&", "").casefold())
    return "".join(c for c in decompose if not unicodedata.combining(c))


def trier(commandes: list[Commande], texte: str) -> list[Commande]:
    """Commands that hold every word of `texte`; those that begin with it first."""
    mots = simplifier(texte).split()
    gardees = [c for c in commandes if all(m in simplifier(f"{c.texte} {c.genre}") for m in mots)]
    return sorted(gardees, key=lambda c: not simplifier(c.texte).startswith(" ".join(mots)))


class Palette(QDialog):
    """`fixes` are known at once; `chercher` (patients and invoices) runs on a worker while one types."""

    def __init__(
        self, atelier: Atelier, fixes: list[Commande], chercher: Callable[[str], list[Commande]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._atelier, self._fixes, self._chercher = atelier, fixes, chercher
        self._trouvees: list[Commande] = []
        self._montrees: list[Commande] = []
        self.setWindowTitle("Rechercher")
        self.champ = QLineEdit(placeholderText="Action, patient, facture, réglage…")
        self.champ.setAccessibleName("Rechercher une action, un patient, une facture ou un réglage")
        self.liste = QListWidget()
        self.liste.setAccessibleName("Résultats")
        colonne = QVBoxLayout(self)
        colonne.addWidget(self.champ)
        colonne.addWidget(self.liste)
        lettre = self.fontMetrics()
        self.resize(lettre.averageCharWidth() * 70, lettre.height() * 22)
        self._delai = QTimer(self, singleShot=True, interval=120)
        self._delai.timeout.connect(self._demander)
        self.champ.textChanged.connect(self._filtrer)
        self.champ.returnPressed.connect(self._executer)
        self.champ.installEventFilter(self)
        self.liste.itemActivated.connect(lambda _: self._executer())
        self._filtrer("")

    def eventFilter(self, objet: QObject, evenement: QEvent) -> bool:
        """Arrows move in the list while the field keeps the keyboard."""
        appui = isinstance(evenement, QKeyEvent) and evenement.type() == QEvent.Type.KeyPress
        if appui and evenement.key() in _DEPLACEMENTS:  # type: ignore[attr-defined]
            self.liste.keyPressEvent(evenement)  # type: ignore[arg-type]
            return True
        return super().eventFilter(objet, evenement)

    def _filtrer(self, texte: str) -> None:
        self._trouvees = []
        self._montrer(texte)
        if len(texte.strip()) >= 2 and self._atelier.ouvert:
            self._delai.start()

    def _demander(self) -> None:
        texte = self.champ.text().strip()
        self._atelier.taches.lancer(
            "recherche", lambda _: self._chercher(texte), resultat=lambda liste: self._recevoir(texte, liste),
            proprietaire=self, remplace="palette",
        )

    def _recevoir(self, texte: str, commandes: list[Commande]) -> None:
        if texte == self.champ.text().strip():
            self._trouvees = commandes
            self._montrer(texte)

    def _montrer(self, texte: str) -> None:
        self._montrees = trier(self._fixes, texte) + self._trouvees
        self.liste.clear()
        couleur = self.palette().color(self.liste.foregroundRole())
        for commande in self._montrees:
            touche = f"   {commande.touche}" if commande.touche else ""
            texte_ligne = f"{commande.texte}   ·   {commande.genre}{touche}"
            self.liste.addItem(QListWidgetItem(icones.icone_de_liste(commande.icone, couleur), texte_ligne))
        self.liste.setCurrentRow(0)

    def _executer(self) -> None:
        rang = self.liste.currentRow()
        if 0 <= rang < len(self._montrees):
            commande = self._montrees[rang]
            self.accept()
            commande.faire()
