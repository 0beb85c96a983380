"""Help to code a CCAM act: a button for each modifier allowed, and the association codes that the rules propose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from sesam_desktop.factures.facture import Executant, Facture, LigneSaisie
from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.disposition import vider
from ..composants.etiquette import Etiquette
from .saisie import Composition, Saisie

if TYPE_CHECKING:
    from sesam_desktop.poste.aide_ccam import AideCcam
    from sesam_desktop.poste.facturation import ServiceFacturation


class PermisCcam(QWidget):
    """Hidden for any other act. `choisis` gives the modifiers once one was pressed, `associees` a code a line."""

    choisis = Signal(object)
    associees = Signal(object)

    def __init__(self, atelier: Atelier, saisie: Saisie, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atelier, self._saisie = atelier, saisie
        self._rang, self._ligne = -1, LigneSaisie("")
        self._permis: tuple[tuple[str, str], ...] | None = None
        self.boutons: dict[str, QToolButton] = {}
        self.libelle, self.associer = Etiquette(), QPushButton("Appliquer les codes &association")
        self._aide: AideCcam | None = None
        self.associer.clicked.connect(self._associer)
        self._modificateurs = QHBoxLayout()
        rangee = QHBoxLayout(self)
        rangee.setContentsMargins(0, 0, 0, 0)
        rangee.addLayout(self._modificateurs)
        rangee.addWidget(self.libelle, 1)
        rangee.addWidget(self.associer)
        self.hide()

    def montrer(self, rang: int, ligne: LigneSaisie) -> None:
        """Help for line `rang`, looked up by a worker."""
        self._rang, self._ligne = rang, ligne
        if ligne.acte != "CCAM":
            self.hide()
            return
        self._cocher()
        composition = self._saisie.actuelle
        self._atelier.taches.lancer(
            "recherche", lambda _: aide_de(self._atelier.poste.facturation, composition, rang),
            resultat=lambda aide: self._recevoir(rang, aide), erreur=lambda _: self.hide(), proprietaire=self,
            remplace="aide CCAM",
        )

    def _recevoir(self, rang: int, aide: AideCcam) -> None:
        if rang != self._rang or self._ligne.acte != "CCAM":
            return
        self._aide = aide
        if aide.modificateurs != self._permis:
            self._permis = aide.modificateurs
            self._poser_boutons()
        self._cocher()
        self.libelle.ecrire(self._proposition(aide))
        self.associer.setVisible(aide.a_changer)
        self.show()

    def _poser_boutons(self) -> None:
        vider(self._modificateurs)
        permis = self._permis or ()
        self.boutons = {code: self._bouton(code, mots) for code, mots in permis}
        self._modificateurs.addWidget(QLabel("Modificateurs permis" if permis else "Aucun modificateur permis"))
        for bouton in self.boutons.values():
            self._modificateurs.addWidget(bouton)

    def _proposition(self, aide: AideCcam) -> str:
        lignes = self._saisie.actuelle.lignes
        codes = [f"{lignes[rang].code} {code or 'sans code'}" for rang, code in aide.associations if rang < len(lignes)]
        return f"  ·  Associations proposées : {', '.join(codes)}" if aide.a_changer and len(codes) > 1 else ""

    def _cocher(self) -> None:
        for code, bouton in self.boutons.items():
            bouton.setChecked(code in self._ligne.modificateurs)

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

    def _associer(self) -> None:
        if self._aide is not None:
            self.associees.emit(dict(self._aide.associations))


def aide_de(service: ServiceFacturation, composition: Composition, rang: int) -> AideCcam:
    """On a worker. Without a card the modifiers are those of anybody: the speciality is not known yet."""
    return service.aider(_facture(service, composition), rang)


def _facture(service: ServiceFacturation, composition: Composition) -> Facture:
    try:
        return composition.ebauche(service.executant())
    except ErreurConnue:
        return composition.ebauche(Executant("medecin", "01"))
