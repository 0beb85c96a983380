"""The modifiers that the CCAM allows for one act, a button each: what is not allowed cannot be pressed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels import tables

from ..atelier import Atelier
from ..composants.disposition import vider

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste

TABLE = "modificateurs_ccam"


class PermisCcam(QWidget):
    """Hidden for any other act. `choisis` gives the modifiers once one was pressed."""

    choisis = Signal(object)

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self._rangee = QHBoxLayout(self)
        self._rangee.setContentsMargins(0, 0, 0, 0)
        self._acte = ("", "")
        self._ligne = LigneSaisie("")
        self.boutons: dict[str, QToolButton] = {}
        self.hide()

    def montrer(self, ligne: LigneSaisie, jour: date) -> None:
        """Look the act up, on a worker."""
        self._ligne, acte = ligne, (ligne.code, ligne.activite)
        if ligne.acte != "CCAM":
            self.hide()
        elif acte != self._acte or self.isHidden():
            self._acte = acte
            self._atelier.taches.lancer(
                "recherche", lambda _: modificateurs_permis(self._atelier.poste, ligne, jour),
                resultat=lambda permis: self._recevoir(acte, permis), erreur=self._absente, proprietaire=self,
                remplace="modificateurs",
            )

    def suivre(self, ligne: LigneSaisie) -> None:
        """The modifiers of the line are now those."""
        self._ligne = ligne
        for code, bouton in self.boutons.items():
            bouton.setChecked(code in ligne.modificateurs)

    def _recevoir(self, acte: tuple[str, str], permis: list[tuple[str, str]]) -> None:
        if acte != self._acte or self._ligne.acte != "CCAM":
            return
        vider(self._rangee)
        self.boutons = {code: self._bouton(code, mots) for code, mots in permis}
        self._rangee.addWidget(QLabel("Modificateurs permis" if permis else "Aucun modificateur n'est permis."))
        for bouton in self.boutons.values():
            self._rangee.addWidget(bouton)
        self._rangee.addStretch(1)
        self.suivre(self._ligne)
        self.show()

    def _absente(self, erreur: ErreurConnue) -> None:
        self._recevoir(self._acte, [])

    def _bouton(self, code: str, mots: str) -> QToolButton:
        bouton = QToolButton()
        bouton.setText(code)
        bouton.setCheckable(True)
        bouton.setToolTip(f"{code} : {mots}" if mots else code)
        bouton.setAccessibleName(f"Modificateur {code} {mots}".strip())
        bouton.clicked.connect(lambda voulu: self.choisis.emit(self._apres(code, voulu)))
        return bouton

    def _apres(self, code: str, voulu: bool) -> tuple[str, ...]:
        autres = tuple(m for m in self._ligne.modificateurs if m != code)
        return (*autres, code) if voulu else autres


def modificateurs_permis(poste: Poste, ligne: LigneSaisie, jour: date) -> list[tuple[str, str]]:
    """(code, words) of the modifiers of this act."""
    lus = poste.referentiels.chercher_dans("ccam", ligne.code, jour, 9)
    acte = next((lu.valeur for lu in lus if lu.valeur.activite == ligne.activite), lus[0].valeur if lus else None)
    return [(code, _mots(code, jour)) for code in (acte.modificateurs if acte else ())]


def _mots(code: str, jour: date) -> str:
    lignes: Callable[[date], list] = tables.charger(TABLE).lignes
    return next((ligne["libelle"] for ligne in lignes(jour) if ligne["code"] == code), "")
