"""The code of the professional's card: asked once a session, never shown, never kept by the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from .bandeau import Bandeau


class CodePorteur(QDialog):
    """Stays until the card accepts the code or the user gives up; what the card answers is said beside the field."""

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self.setWindowTitle("Code porteur")
        self.champ = QLineEdit(echoMode=QLineEdit.EchoMode.Password, maxLength=8)
        self.champ.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhDigitsOnly)
        self.champ.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]{4,8}"), self))
        self.champ.setAccessibleName("Code porteur de la carte professionnelle")
        etiquette = QLabel("&Code porteur de votre carte professionnelle")
        etiquette.setBuddy(self.champ)
        self.bandeau = Bandeau(self)
        self._boutons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._ouvrir = self._boutons.addButton("&Ouvrir la session", QDialogButtonBox.ButtonRole.AcceptRole)
        self._boutons.accepted.connect(self._valider)
        self._boutons.rejected.connect(self.reject)
        colonne = QVBoxLayout(self)
        for widget in (etiquette, self.champ, self.bandeau, self._boutons):
            colonne.addWidget(widget)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 60)
        self.champ.textChanged.connect(lambda: self._ouvrir.setEnabled(self.champ.hasAcceptableInput()))
        self._ouvrir.setEnabled(False)

    def _valider(self) -> None:
        code = self.champ.text()
        self.champ.clear()
        self.champ.setEnabled(False)
        self.bandeau.dire("Vérification par la carte…")
        self._atelier.taches.lancer(
            "lecteurs", lambda _: self._atelier.poste.lecteurs.ouvrir_session(code),
            resultat=lambda _: self.accept(), erreur=self._refuser, proprietaire=self,
        )

    def _refuser(self, erreur: ErreurConnue) -> None:
        self.bandeau.dire_erreur(erreur)
        self.champ.setEnabled(True)
        self.champ.setFocus()


def avec_session(atelier: Atelier, parent: QWidget, suite: Callable[[], Any]) -> None:
    """Run `suite` with a session open, asking for the code first when there is none. The dialog does not block."""
    if atelier.poste.lecteurs.session_ouverte:
        suite()
        return
    dialogue = CodePorteur(atelier, parent)
    dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialogue.accepted.connect(suite)
    dialogue.open()
    dialogue.champ.setFocus()
