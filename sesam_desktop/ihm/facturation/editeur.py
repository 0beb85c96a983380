"""F6: the fields of one line, under the table. Each change goes to the invoice at once; Escape closes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from sesam_desktop.factures.facture import Alerte, LigneSaisie
from sesam_desktop.noyau.erreurs import EntreeInvalide

from ..composants.disposition import vider
from ..composants.remarques import Remarques
from . import controles_ligne
from .alertes import bloque
from .champs_ligne import Champ, champs_de

_PAR_RANGEE = (4, 3, 2)   # fields side by side, by the room there is
_PLUS = "  ·  F6 : tous ses champs"


class EditeurLigne(QFrame):
    """The fields that this act may carry, and no other. A wrong value stays in its field and says so.

    What helps to code the act (`complement`) stands above them, and alone while nobody asked for the fields.
    `change` gives the rank of the line and the fields that changed.
    """

    change = Signal(int, dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("Ligne à modifier")
        self._rang, self._ligne = -1, LigneSaisie("")
        self._forme: tuple[tuple[Champ, ...], date] | None = None
        self.champs: dict[str, QWidget] = {}
        self._etiquettes: dict[str, QLabel | None] = {}
        self._largeur = 0
        self._descriptions: dict[str, Champ] = {}
        self._titre, self.motif = QLabel(), Remarques()
        self._fiche, self.complement = QWidget(), QHBoxLayout()
        self._grille = QGridLayout(self._fiche)
        self._grille.setContentsMargins(0, 0, 0, 0)
        self._colonne = colonne = QVBoxLayout(self)
        colonne.addWidget(self._titre)
        colonne.addLayout(self.complement)
        colonne.addWidget(self._fiche)
        colonne.addWidget(self.motif)
        self._grille.setHorizontalSpacing(round(self.fontMetrics().height() * 0.6))
        self.hide()

    def ouvrir(self, rang: int, ligne: LigneSaisie, jour: date, *, saisir: bool = True) -> None:
        """Show line `rang`; `saisir`: its fields, where the keyboard goes."""
        self._construire(champs_de(ligne, jour), jour)
        self._rang = rang
        self._fiche.setVisible(saisir)
        self.suivre(ligne)
        self.motif.dire(())
        self.show()
        if saisir and self.champs:
            next(iter(self.champs.values())).setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def rang(self) -> int:
        """Line shown, -1 when closed."""
        return -1 if self.isHidden() else self._rang

    def suivre(self, ligne: LigneSaisie) -> None:
        """The line changed elsewhere: show what it is now."""
        self._ligne = ligne
        nom = ligne.cip13 or (ligne.code if ligne.acte == "CCAM" else f"{ligne.acte} {ligne.code}".strip())
        self._titre.setText(f"Ligne {self._rang + 1} : {nom}" + ("" if self._fiche.isVisibleTo(self) else _PLUS))
        for nom, controle in self.champs.items():
            controles_ligne.montrer(controle, self._descriptions[nom], getattr(ligne, nom))

    def dire(self, alertes: Iterable[Alerte]) -> None:
        """Remarks on the line shown, beside its fields."""
        lues = list(alertes)
        self.motif.dire([a.message for a in lues], bloque=bloque(lues))

    def _construire(self, champs: list[Champ], jour: date) -> None:
        """Kept while the lines shown have the same fields: nothing jumps from a line to the next."""
        if self._forme == (forme := (tuple(champs), jour)):
            return
        self._forme = forme
        vider(self._grille)
        self._descriptions = {champ.nom: champ for champ in champs}
        self.champs = {
            champ.nom: controles_ligne.creer(champ, jour, partial(self._dire, champ.nom)) for champ in champs
        }
        self._etiquettes = {champ.nom: self._etiquette(champ) for champ in champs}
        self._placer()

    def resizeEvent(self, evenement: QResizeEvent) -> None:
        super().resizeEvent(evenement)
        if self._place() != self._largeur:
            self._placer()

    def _place(self) -> int:
        """Room that the page gives, once its scroll bar has taken some."""
        page = self.parentWidget()
        while page is not None and not isinstance(page, QAbstractScrollArea):
            page = page.parentWidget()
        return page.width() - page.verticalScrollBar().sizeHint().width() if page is not None else self.width()

    def _placer(self) -> None:
        """As many fields side by side as there is room for."""
        self._largeur, marges = self._place(), self._colonne.contentsMargins()
        for cotes in _PAR_RANGEE:
            self._aligner(cotes)
            if self._fiche.minimumSizeHint().width() + marges.left() + marges.right() <= self._largeur:
                break

    def _aligner(self, cotes: int) -> None:
        for rang, (nom, controle) in enumerate(self.champs.items()):
            rangee, cote = divmod(rang, cotes)
            if (etiquette := self._etiquettes[nom]) is not None:
                self._grille.addWidget(etiquette, rangee, 2 * cote)
            self._grille.addWidget(controle, rangee, 2 * cote + 1)

    def _etiquette(self, champ: Champ) -> QLabel | None:
        """A box to tick names itself."""
        if isinstance(self.champs[champ.nom], QCheckBox):
            return None
        etiquette = QLabel(champ.titre)
        etiquette.setBuddy(self.champs[champ.nom])
        return etiquette

    def _dire(self, nom: str) -> None:
        try:
            valeur = controles_ligne.lire(self.champs[nom], self._descriptions[nom])
        except EntreeInvalide as erreur:
            self.motif.dire([erreur.phrase()], bloque=True)
            return
        self.motif.dire(())
        if self._rang >= 0 and valeur != getattr(self._ligne, nom):
            self.change.emit(self._rang, {nom: valeur})
