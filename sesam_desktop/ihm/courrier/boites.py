"""The mailboxes, one line each: sending or held, why, when mail leaves; the button that holds or lets go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from ..composants.etats import MotEtat
from ..modeles.corbeille import BOITES, dire_boite

if TYPE_CHECKING:
    from sesam_desktop.poste.corbeille import EtatBoite

_ENVOI = {"RSV": "l'envoi aux c&aisses", "OCT": "l'envoi aux c&omplémentaires", "SCOR": "l'envoi des piè&ces"}


class Boites(QWidget):
    """`suspendre` and `reprendre` are asked with the mailbox."""

    suspendre = Signal(str)
    reprendre = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Boîtes d'envoi")
        self.lignes = {boite: MotEtat(entier=True) for boite in BOITES if boite}
        self.boutons = {boite: QPushButton() for boite in self.lignes}
        self._suspendues: set[str] = set()
        grille = QGridLayout(self)
        grille.setContentsMargins(0, 0, 0, 0)
        grille.setVerticalSpacing(0)
        for rang, (boite, ligne) in enumerate(self.lignes.items()):
            grille.addWidget(ligne, rang, 0, Qt.AlignmentFlag.AlignVCenter)
            grille.addWidget(self.boutons[boite], rang, 1)
            self.boutons[boite].clicked.connect(lambda _=False, b=boite: self._demander(b))
        grille.setColumnStretch(0, 1)

    def montrer(self, etats: Sequence[EtatBoite]) -> None:
        """Those that have an account of their own."""
        self._suspendues = {etat.boite for etat in etats if etat.suspension is not None}
        presentes = {etat.boite: etat for etat in etats}
        for boite, ligne in self.lignes.items():
            ligne.setVisible(boite in presentes)
            self.boutons[boite].setVisible(boite in presentes)
            if boite in presentes:
                dit = dire_boite(presentes[boite])
                ligne.montrer(dit.mot, dit.phrase)
                verbe = "Reprendre" if boite in self._suspendues else "Suspendre"
                self.boutons[boite].setText(f"{verbe} {_ENVOI[boite]}")

    def _demander(self, boite: str) -> None:
        (self.reprendre if boite in self._suspendues else self.suspendre).emit(boite)
