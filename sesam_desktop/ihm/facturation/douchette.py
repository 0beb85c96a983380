"""Scan anywhere: a scanner types a code faster than anybody, then Enter. Wherever the keyboard is, it adds a line."""

from __future__ import annotations

import re
from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.identifiants import cip13_depuis_scan

_ECART_MAX_S = 0.08          # between two characters of a scanner; a quick typist needs twice that
_LONGUEUR_MIN = 13           # a CIP13 at least: shorter bursts are somebody typing
_VALIDATIONS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Douchette(QObject):
    """Watches the keys of one page. Outside a field, short runs of digits are a quantity, told after a short wait."""

    scannee = Signal(str)        # a code, to be looked up
    quantite = Signal(int)       # digits typed on the table
    saisie = Signal(str)         # letters typed on the table: they belong in the entry field

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._tampon, self._dernier, self._avant = "", 0.0, ""
        self._attente = QTimer(self, singleShot=True, interval=350)
        self._attente.timeout.connect(self._conclure)

    def veiller(self) -> None:
        """Start watching whatever has the keyboard in the page, for as long as the page lives."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._suivre)

    def eventFilter(self, objet: QObject, evenement: QEvent) -> bool:
        if evenement.type() != QEvent.Type.KeyPress or not isinstance(evenement, QKeyEvent):
            return False
        if not isinstance(objet, QWidget):
            return False
        if evenement.key() in _VALIDATIONS:
            return self._valider(objet)
        return self._noter(evenement, objet)

    def _suivre(self, ancien: QWidget | None, nouveau: QWidget | None) -> None:
        if ancien is not None:
            ancien.removeEventFilter(self)
        if nouveau is not None and self._page.isAncestorOf(nouveau):
            nouveau.installEventFilter(self)

    def _noter(self, evenement: QKeyEvent, focus: QWidget) -> bool:
        texte, maintenant = evenement.text(), monotonic()
        if not texte or evenement.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        champ = _champ(focus)
        if maintenant - self._dernier > _ECART_MAX_S and (champ is not None or not self._attente.isActive()):
            self._tampon, self._avant = "", champ.text() if champ is not None else ""
        self._dernier = maintenant
        if champ is not None:
            self._tampon += texte
            return False
        return self._hors_champ(texte)

    def _hors_champ(self, texte: str) -> bool:
        if not (texte.isalnum() or texte in "]()\x1d"):
            return False
        self._tampon += texte
        self._attente.start()
        return True

    def _valider(self, focus: QWidget) -> bool:
        tampon, self._tampon = self._tampon, ""
        self._attente.stop()
        if len(tampon) < _LONGUEUR_MIN or monotonic() - self._dernier > _ECART_MAX_S or not _est_un_code(tampon):
            if tampon and _champ(focus) is None:
                self._repartir(tampon)
            return False
        if (champ := _champ(focus)) is not None:
            champ.setText(self._avant)
        self.scannee.emit(tampon)
        return True

    def _conclure(self) -> None:
        tampon, self._tampon = self._tampon, ""
        if tampon:
            self._repartir(tampon)

    def _repartir(self, tampon: str) -> None:
        if re.fullmatch(r"[0-9]{1,3}", tampon):
            self.quantite.emit(int(tampon))
        else:
            self.saisie.emit(tampon)


def _champ(widget: QWidget) -> QLineEdit | None:
    """The line edit that has the keyboard, inside a spin box or alone."""
    if isinstance(widget, QAbstractSpinBox):
        return widget.lineEdit()
    return widget if isinstance(widget, QLineEdit) else None


def _est_un_code(texte: str) -> bool:
    try:
        cip13_depuis_scan(texte)
    except EntreeInvalide:
        return False
    return True
