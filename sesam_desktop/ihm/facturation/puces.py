"""Acts as chips: those of the last invoice for this patient, one key or one click to bill them again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from sesam_desktop.factures.facture import LigneSaisie

from ..composants.disposition import vider
from .entree_actes import ecrire_acte
from .etiquettes import etiquette_de


class Puces(QWidget):
    """Ctrl+1…Ctrl+9, or a click, adds or removes an act."""

    basculee = Signal(object, bool)     # LigneSaisie, wanted or not

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rangee = QHBoxLayout(self)
        self._rangee.setContentsMargins(0, 0, 0, 0)
        self._lignes: tuple[LigneSaisie, ...] = ()
        self.setAccessibleName("Actes de la dernière prescription")

    @property
    def lignes(self) -> tuple[LigneSaisie, ...]:
        """Acts proposed."""
        return self._lignes

    def proposer(self, lignes: tuple[LigneSaisie, ...], presentes: tuple[LigneSaisie, ...]) -> None:
        """Show `lignes` as chips, those of `presentes` pressed."""
        vider(self._rangee)
        self._lignes = lignes
        self._rangee.addWidget(etiquette_de("Déjà faits"))
        if not lignes:
            self._rangee.addWidget(QLabel("Les actes déjà facturés à ce patient se proposeront ici."))
        ecrits = {ecrire_acte(ligne) for ligne in presentes}
        for rang, ligne in enumerate(lignes, 1):
            self._rangee.addWidget(self._puce(rang, ligne, ecrire_acte(ligne) in ecrits))
        self._rangee.addStretch(1)

    def _puce(self, rang: int, ligne: LigneSaisie, presente: bool) -> QToolButton:
        puce = QToolButton()
        texte = ecrire_acte(ligne)
        puce.setText(texte)
        puce.setCheckable(True)
        puce.setChecked(presente)
        puce.setAccessibleName(f"Acte {texte}")
        if rang <= 9:
            puce.setShortcut(f"Ctrl+{rang}")
            puce.setToolTip(f"Ctrl+{rang}")
        puce.clicked.connect(lambda voulu: self.basculee.emit(ligne, voulu))
        return puce
