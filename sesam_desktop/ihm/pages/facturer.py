"""Facturer: the page of this workstation's profession, made once the workstation is there."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel

from ..atelier import Atelier
from .page import Page

if TYPE_CHECKING:
    from ..facturation.feuille import Feuille

_DE_PRODUITS = ("pharmacien", "fournisseur")


class Facturer(Page):
    """Holds one `Feuille`, changed when the profession changes."""

    cle, titre = "facturer", "Facturer"
    ecoute = ("configuration",)

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self.feuille: Feuille | None = None
        self._profession = ""
        self._attente = QLabel("Ouverture du poste de travail…")
        self.colonne.setContentsMargins(0, 0, 0, 0)
        self.colonne.addWidget(self._attente)
        self._argument: object = None
        if atelier.ouvert:
            self.rafraichir()

    def rafraichir(self) -> None:
        """Make the page of the profession set."""
        profession = self.atelier.poste.configuration.profession
        if profession == self._profession:
            return
        self._profession = profession
        module, classe = ("officine", "Officine") if profession in _DE_PRODUITS else ("actes", "Actes")
        self._remplacer(getattr(import_module(f"..facturation.{module}", __package__), classe)(self.atelier))

    def actions(self) -> list[QAction]:
        """Those of the page inside."""
        return self.feuille.actions() if self.feuille is not None else []

    def montrer(self, argument: object) -> None:
        """Passed to the page inside, now or as soon as it is there."""
        if self.feuille is not None:
            self.feuille.montrer(argument)
        else:
            self._argument = argument

    def _remplacer(self, feuille: Feuille) -> None:
        self._attente.hide()
        if self.feuille is not None:
            self.feuille.deleteLater()
        self.feuille = feuille
        self.principale = feuille.principale
        self.colonne.addWidget(feuille)
        self.setFocusProxy(feuille)
        self.actions_changees.emit()
        if self._argument is not None:
            feuille.montrer(self._argument)
            self._argument = None
