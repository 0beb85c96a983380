"""What an empty page says: one sentence on what it is for, and the action that fills it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget


class PageVide(QWidget):
    """Centred sentence and, when there is one, the button of `action`."""

    def __init__(self, phrase: str, action: QAction | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        colonne = QVBoxLayout(self)
        texte = QLabel(phrase, wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        colonne.addStretch(1)
        colonne.addWidget(texte)
        if action is not None:
            verbe = action.text().replace("&", "")   # its letter belongs to the button of the page
            touche = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            bouton = QPushButton(f"{verbe}  {touche}".strip())
            bouton.setAccessibleName(verbe)
            bouton.clicked.connect(action.trigger)
            colonne.addWidget(bouton, 0, Qt.AlignmentFlag.AlignCenter)
        colonne.addStretch(2)
