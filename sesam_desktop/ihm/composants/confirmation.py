"""A decision that is not undone: what will be done, and its verb on the button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget


class Confirmation(QDialog):
    """Enter alone decides nothing. `champ`: the label of a line of text kept with the act, which needs at least
    `minimum` letters."""

    def __init__(
        self, titre: str, phrase: str, verbe: str, parent: QWidget, *, champ: str = "", minimum: int = 0
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(titre)
        self.champ = QLineEdit()
        boutons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.faire = boutons.addButton(verbe, QDialogButtonBox.ButtonRole.AcceptRole)
        annuler = boutons.button(QDialogButtonBox.StandardButton.Cancel)
        for bouton in (self.faire, annuler):
            bouton.setAutoDefault(False)
        annuler.setDefault(not champ)     # Enter in the field only leads to the verb
        self.champ.returnPressed.connect(self.faire.setFocus)
        self.champ.textChanged.connect(lambda texte: self.faire.setEnabled(len(texte.strip()) >= minimum))
        self.faire.setEnabled(not minimum)
        boutons.accepted.connect(self.accept)
        boutons.rejected.connect(self.reject)
        self.colonne = QVBoxLayout(self)
        self.colonne.addWidget(QLabel(phrase, wordWrap=True, textFormat=Qt.TextFormat.PlainText))
        if champ:
            etiquette = QLabel(champ)
            etiquette.setBuddy(self.champ)
            self.colonne.addWidget(etiquette)
            self.colonne.addWidget(self.champ)
        self.colonne.addWidget(boutons)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 60)


def confirmer(
    parent: QWidget, titre: str, phrase: str, verbe: str, suite: Callable[[str], Any], *, champ: str = "",
    minimum: int = 0,
) -> Confirmation:
    """Ask, without blocking; `suite` receives the text of the field once confirmed."""
    dialogue = Confirmation(titre, phrase, verbe, parent, champ=champ, minimum=minimum)
    dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialogue.accepted.connect(lambda: suite(dialogue.champ.text().strip()))
    dialogue.open()
    return dialogue
