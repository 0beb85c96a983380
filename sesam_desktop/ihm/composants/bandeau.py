"""A sentence beside what caused it: icon, words, and the way out as a button."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from sesam_desktop.noyau.erreurs import Annulation, ErreurConnue

from .. import icones, teintes

_ICONES = {"erreur": "bloque", "avertissement": "a-corriger", "succes": "fait", "information": "information"}
_MOTS = {"erreur": "Erreur", "avertissement": "Attention", "succes": "Fait", "information": "Information"}
_CHEMIN = re.compile(
    r"(date_soins|executant|beneficiaire|nature_assurance|parcours|prescription|tiers_payant|amc|lignes)\b"
)


class Bandeau(QFrame):
    """Hidden until `dire`. Its accessible name is the sentence, so that a screen reader says it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._genre = "information"
        self._dessin = QLabel()
        self._texte = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._texte.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._suite = QPushButton()
        self._fermer = QToolButton(autoRaise=True)
        self._fermer.setAccessibleName("Fermer le message")
        self._fermer.setToolTip("Fermer le message")
        icones.poser(self._fermer, "fermer")
        self._fermer.clicked.connect(self.taire)
        self._action: Callable[[], object] | None = None
        self._suite.clicked.connect(self._agir)
        rangee = QHBoxLayout(self)
        rangee.addWidget(self._dessin, 0, Qt.AlignmentFlag.AlignTop)
        rangee.addWidget(self._texte, 1)
        rangee.addWidget(self._suite)
        rangee.addWidget(self._fermer, 0, Qt.AlignmentFlag.AlignTop)
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.hide()

    @property
    def phrase(self) -> str:
        """What is shown, empty when hidden."""
        return "" if self.isHidden() else self.accessibleName()

    def dire(
        self, phrase: str, genre: str = "information", *, code: str = "", suite: str = "",
        action: Callable[[], object] | None = None,
    ) -> None:
        """Show `phrase`; `code` in small after it; `suite` is the label of the button that runs `action`."""
        self._genre, self._action = genre, action
        petit = f" <small>[{echapper(code)}]</small>" if code else ""
        self._texte.setText(f"{echapper(phrase)}{petit}")
        self.setAccessibleName(f"{_MOTS[genre]} : {phrase}")
        self._suite.setText(suite)
        self._suite.setVisible(bool(suite))
        self._peindre()
        self.show()

    def dire_erreur(
        self, erreur: ErreurConnue, *, suite: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Show what happened and what to do, the stable code in small. What somebody stopped is no error."""
        if isinstance(erreur, Annulation):
            self.dire(phrase(erreur))
            return
        self.dire(phrase(erreur), "erreur", code=erreur.code, suite=suite, action=action)

    def taire(self) -> None:
        """Hide the sentence."""
        self.hide()

    def event(self, evenement: QEvent) -> bool:
        if evenement.type() == QEvent.Type.ApplicationPaletteChange and not self.isHidden():
            self._peindre()
        return super().event(evenement)

    def _agir(self) -> None:
        self.taire()
        if self._action is not None:
            self._action()

    def _peindre(self) -> None:
        palette = QPalette(QGuiApplication.palette())
        fond = teintes.fond_avis(self._genre, palette)
        palette.setColor(QPalette.ColorRole.Window, fond)
        self.setPalette(palette)
        couleur = teintes.lisible(teintes.TEINTES[self._genre], fond)
        self._dessin.setPixmap(icones.dessin(_ICONES[self._genre], couleur))


def phrase(erreur: ErreurConnue) -> str:
    """The sentence of `erreur`, where it stands said in words: a path of fields is the machine's, not the trade's."""
    if ligne := re.match(r"lignes\[([0-9]+)\]", erreur.ou):
        return f"Ligne {int(ligne.group(1)) + 1} : {erreur.message} {erreur.action}".strip()
    if de_la_facture(erreur):
        return f"{erreur.message} {erreur.action}".strip()
    return erreur.phrase()


def de_la_facture(erreur: ErreurConnue) -> bool:
    """True when it names a field of the invoice composed."""
    return bool(_CHEMIN.match(erreur.ou))


def echapper(texte: str) -> str:
    """Plain text as it stands in a rich one."""
    return texte.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
