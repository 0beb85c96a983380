"""What the last reading of each card gave, one line a card; and the SSV libraries, when a test asked them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ..modeles.lectures import CARTES, phrase_essai, phrase_lecture
from ..modeles.ssv import phrase_ssv
from .etats import MotEtat

if TYPE_CHECKING:
    from sesam_desktop.poste.essai_lecture import EssaiLecture
    from sesam_desktop.poste.temoin_lectures import Lecture


class EssaiVu(QWidget):
    """The evidence of earlier readings, until a test is made on this page; a card that moves ends what it said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Dernière lecture de chaque carte")
        self.lignes = {role: MotEtat(entier=True) for role in CARTES}
        self._essaye = False
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        for role, ligne in self.lignes.items():
            ligne.montrer("à faire", phrase_lecture(role, None)[1])
            colonne.addWidget(ligne)
        self.ssv = MotEtat(entier=True)
        colonne.addWidget(self.ssv)
        self.ssv.hide()

    def rappeler(self, lectures: dict[str, Lecture | None]) -> None:
        """What the witness remembers; a test made here says more and stays."""
        if not self._essaye:
            for role, ligne in self.lignes.items():
                ligne.montrer(*phrase_lecture(role, lectures.get(role)))
            self.ssv.hide()

    def attendre(self) -> None:
        """A test is running."""
        for role, ligne in self.lignes.items():
            ligne.montrer("en cours", f"{CARTES[role]} : lecture en cours…")
        self.ssv.montrer("en cours", "Bibliothèques SSV (GIE) : interrogation en cours…")

    def montrer(self, essai: EssaiLecture) -> None:
        """What the test gave."""
        self._essaye = True
        for carte in essai.cartes:
            self.lignes[carte.role].montrer(*phrase_essai(carte))
        if essai.ssv is not None:
            self.ssv.montrer(*phrase_ssv(essai.ssv))
        self.ssv.setVisible(essai.ssv is not None)

    def oublier(self) -> None:
        """The page was left: the next look shows the evidence again."""
        self._essaye = False
