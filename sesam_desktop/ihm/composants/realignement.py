"""The realignment of galss.ini: the plan in sentences first, then the button that writes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from .bandeau import Bandeau

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.galss.realignement import Bilan

_CELUI_DU_POSTE = "Le galss.ini de ce poste"
_ABSENT = "GALSS_8001"


class Realignement(QDialog):
    """`fait` gives the sentence once written. Another galss.ini than the poste's own may be chosen."""

    fait = Signal(str)

    def __init__(self, atelier: Atelier, parent: QWidget) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self._chemin: Path | None = None
        self.setWindowTitle("Réaligner galss.ini")
        self.fichier, self.bandeau, self.plan = QLabel(_CELUI_DU_POSTE, wordWrap=True), Bandeau(self), QListWidget()
        self.plan.setAccessibleName("Ce qui serait écrit")
        self.plan.setWordWrap(True)
        self._autre = QPushButton("A&utre fichier…")
        self._autre.clicked.connect(self.choisir)
        boutons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.ecrire = boutons.addButton("&Réécrire galss.ini", QDialogButtonBox.ButtonRole.AcceptRole)
        self.ecrire.setAutoDefault(False)
        boutons.accepted.connect(self.appliquer)
        boutons.rejected.connect(self.reject)
        haut = QHBoxLayout()
        haut.addWidget(self.fichier, 1)
        haut.addWidget(self._autre)
        colonne = QVBoxLayout(self)
        colonne.addLayout(haut)
        for widget in (self.plan, self.bandeau, boutons):
            colonne.addWidget(widget)
        lettre = self.fontMetrics()
        self.resize(lettre.averageCharWidth() * 90, lettre.height() * 20)
        self.prevoir()

    def choisir(self) -> None:
        """Another galss.ini, that of the software installed here."""
        chemin, _ = QFileDialog.getOpenFileName(self, "Choisir un galss.ini", "", "galss.ini (*.ini)")
        if chemin:
            self._chemin = Path(chemin)
            self.fichier.setText(chemin)
            self.prevoir()

    def prevoir(self) -> None:
        """What would be written; nothing is."""
        self.ecrire.setEnabled(False)
        self.plan.clear()
        self.bandeau.dire("Comparaison de galss.ini avec les lecteurs branchés…")
        self._lancer(simuler=True)

    def appliquer(self) -> None:
        """Write it; a copy of the old file stays beside it."""
        self.ecrire.setEnabled(False)
        self._lancer(simuler=False)

    def _lancer(self, *, simuler: bool) -> None:
        chemin = self._chemin
        self._atelier.taches.lancer(
            "lecteurs", lambda _: self._atelier.poste.lecteurs.realigner(chemin, simuler=simuler),
            resultat=self._montrer if simuler else self._ecrit, erreur=self._refuser, proprietaire=self,
        )

    def _refuser(self, erreur: ErreurConnue) -> None:
        """A workstation without galss.ini is the rule, not a failure: its readers are found by themselves."""
        if erreur.code == _ABSENT and self._chemin is None:
            self.bandeau.dire("Ce poste n'a pas de galss.ini : les lecteurs sont reconnus d'eux-mêmes, il n'y a rien à"
                              " réaligner. Si un autre logiciel en utilise un, choisissez-le par « Autre fichier… ».")
        else:
            self.bandeau.dire_erreur(erreur)

    def _montrer(self, bilan: Bilan) -> None:
        self.plan.addItems([changement.phrase() for changement in bilan.changements])
        self.ecrire.setEnabled(bool(bilan.changements))
        if bilan.changements:
            self.bandeau.dire("Rien n'est encore écrit. L'ancien fichier sera gardé à côté du nouveau.")
        else:
            self.bandeau.dire("galss.ini correspond déjà aux lecteurs branchés : il n'y a rien à changer.", "succes")

    def _ecrit(self, bilan: Bilan) -> None:
        copie = f" L'ancien est gardé sous le nom {bilan.sauvegarde.name}." if bilan.sauvegarde else ""
        self.fait.emit(f"galss.ini correspond maintenant aux lecteurs branchés.{copie}")
        self.accept()
