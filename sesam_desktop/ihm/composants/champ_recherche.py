"""A field that searches as one types: results come from a worker, arrows and Enter choose, Escape closes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from ..atelier import Atelier

_DELAI_MS = 120


class ChampRecherche(QLineEdit):
    """`chercher(text)` runs on the queue `file` and answers values, shown by `libelle`."""

    choisi = Signal(object)      # a value of the results
    valide = Signal(str)         # Enter on a text without choosing a result

    def __init__(
        self, atelier: Atelier, nom: str, chercher: Callable[[str], Sequence[Any]], libelle: Callable[[Any], str],
        *, minimum: int = 2, file: str = "recherche", parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._atelier, self._chercher, self._libelle = atelier, chercher, libelle
        self._minimum, self._file, self._valeurs = minimum, file, []  # type: ignore[var-annotated]
        self.setAccessibleName(nom)
        self.setClearButtonEnabled(True)
        self._attente = QTimer(self, singleShot=True, interval=_DELAI_MS)
        self._attente.timeout.connect(self._lancer)
        self._modele = QStringListModel(self)
        self._poser_liste()
        self.textEdited.connect(lambda _: self._attente.start())
        self.returnPressed.connect(self._valider)

    @property
    def resultats(self) -> list[Any]:
        """Values of the last search."""
        return self._valeurs

    def _poser_liste(self) -> None:
        self._liste = QCompleter(self._modele, self)
        self._liste.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._liste.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._liste.activated[QModelIndex].connect(self._choisir)  # type: ignore[index]
        self.setCompleter(self._liste)
        self._vue = QListView()
        self._liste.setPopup(self._vue)
        self._vue.setAccessibleName(f"Résultats : {self.accessibleName()}")

    def _lancer(self) -> None:
        texte = self.text().strip()
        if len(texte) < self._minimum or not self._atelier.ouvert:
            return self._recevoir(texte, [])
        self._atelier.taches.lancer(
            self._file, lambda _: self._chercher(texte), resultat=lambda valeurs: self._recevoir(texte, valeurs),
            proprietaire=self, remplace=f"recherche {id(self)}",
        )
        return None

    def _recevoir(self, texte: str, valeurs: Sequence[Any]) -> None:
        if texte != self.text().strip():
            return
        self._valeurs = list(valeurs)
        self._modele.setStringList([self._libelle(v) for v in self._valeurs])
        if self._valeurs and self.hasFocus():
            self._liste.complete()

    def _choisir(self, indice: QModelIndex) -> None:
        self._attente.stop()
        valeur = self._valeurs[indice.row()]
        # The completer writes the label into the field after this signal: the choice is told once it has.
        QTimer.singleShot(0, self, lambda: self.choisi.emit(valeur))

    def _valider(self) -> None:
        if self._vue.isVisible() and self._vue.currentIndex().isValid():
            return
        self._attente.stop()
        if self.text().strip():
            self.valide.emit(self.text().strip())
