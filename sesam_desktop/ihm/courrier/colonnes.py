"""The life of a lot in three columns: À envoyer → envoyés, en attente d'ARL → à traiter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from ..composants.colonne_fiches import ColonneFiches
from ..modeles.teletransmission import fiche_lot, fiches_a_traiter

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.tableau import Tableau

_TIERS = 10_000      # more than any screen: the three columns give up as much


class Colonnes(QSplitter):
    """`choisie` gives the card under the arrows (None: none), `ouverte` the one that was activated."""

    choisie = Signal(object)
    ouverte = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.a_envoyer = ColonneFiches("À &envoyer", "Les lots prêts attendent ici leur envoi.")
        self.en_attente = ColonneFiches("Envo&yés, en attente d'ARL", "Les lots envoyés attendent ici leur accusé.")
        self.a_traiter = ColonneFiches("À trai&ter", "Refus, rejets, écarts et retards s'affichent ici.")
        self._par_nom = {"a_envoyer": self.a_envoyer, "en_attente": self.en_attente, "a_traiter": self.a_traiter}
        for colonne in self._par_nom.values():
            colonne.ouverte.connect(self.ouverte)
            colonne.choisie.connect(self.choisie)
            self.addWidget(colonne)
        self.setSizes([_TIERS] * len(self._par_nom))

    def montrer(self, tableau: Tableau, caisses: Mapping[str, str]) -> None:
        """`caisses`: the name of each fund."""
        for colonne, lots, etat in ((self.a_envoyer, tableau.a_envoyer, "à faire"),
                                    (self.en_attente, tableau.en_attente, "en cours")):
            colonne.montrer([fiche_lot(lot, etat, caisses.get(lot.fonds, "")) for lot in lots])
        self.a_traiter.montrer(fiches_a_traiter(tableau, caisses))

    def aller(self, nom: str) -> None:
        """The keyboard to one of the columns."""
        self._par_nom[nom].liste.setFocus(Qt.FocusReason.OtherFocusReason)
