"""The strip at the top: the page, both cards, the opposition list, and the way to everything (Ctrl+K)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from .. import icones
from .etats import MotEtat
from .texte import Texte

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale

_PROFESSIONS = {"pharmacien": "pharmacien", "infirmier": "infirmier", "medecin": "médecin"}
_DOCTEURS = ("pharmacien", "medecin")


class BandeEtat(QFrame):
    """Words first: each state is a sentence part, an icon, then a colour."""

    recherche = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("État du poste")
        self.titre = Texte(facteur=1.25, gras=True)
        self.cps, self.vitale, self.loe = MotEtat(), MotEtat(), MotEtat()
        self._cartes = QPushButton("Démo", flat=True)
        self._cartes.setAccessibleName("Insérer ou retirer une carte de démonstration, Ctrl+D")
        self._cartes.setToolTip("Ctrl+D")
        self._cartes.hide()
        self._bouton = QPushButton("Ctrl+K", flat=True)
        self._bouton.setAccessibleName("Rechercher une action, un patient, une facture ou un réglage")
        icones.poser(self._bouton, "recherche")
        self._bouton.clicked.connect(self.recherche)
        rangee = QHBoxLayout(self)
        rangee.addWidget(self.titre)
        rangee.addWidget(self._cartes)
        rangee.addStretch(1)
        espace = round(self.fontMetrics().height() / 2)
        for element in (self.cps, self.vitale, self.loe):
            rangee.addWidget(element)
            rangee.addSpacing(espace)
        rangee.addWidget(self._bouton)
        self.attendre()

    def attendre(self) -> None:
        """Before the workstation is there."""
        self.cps.montrer("en cours", "CPS…")
        self.vitale.montrer("en cours", "Vitale…")
        self.loe.montrer("en cours", "LOE…")

    def proposer_cartes(self, menu: QMenu) -> None:
        """On a demonstration workstation: the cards one may insert."""
        self._cartes.setMenu(menu)
        self._cartes.show()

    def ouvrir_cartes(self) -> None:
        """Open the menu of the demonstration cards."""
        self._cartes.showMenu()

    def montrer_cps(self, carte: CartePS | None, profession: str, session_ouverte: bool) -> None:
        """The professional's card: absent, read, or open to sign."""
        if carte is None:
            return self.cps.montrer("à faire", "CPS à insérer")
        titre = "Dr " if profession in _DOCTEURS else ""
        nom = f"{titre}{carte.nom} {carte.prenom.title()}"
        metier = _PROFESSIONS.get(profession, profession)
        texte = f"CPS {nom} · {metier}" if session_ouverte else f"CPS {nom} · code à saisir"
        return self.cps.montrer("fait" if session_ouverte else "à faire", texte)

    def montrer_vitale(self, carte: CarteVitale | None) -> None:
        """The patient's card: absent, or whose it is."""
        if carte is None:
            return self.vitale.montrer("à faire", "Vitale à insérer")
        premier = carte.beneficiaires[0] if carte.beneficiaires else None
        nom = f"{premier.nom_usuel} {premier.prenom.title()}" if premier else "carte lue"
        return self.vitale.montrer("fait", f"Vitale {nom}")

    def montrer_loe(self, jour: str, a_jour: bool) -> None:
        """Date of the opposition list; `jour` empty when none was imported."""
        if not jour:
            return self.loe.montrer("à faire", "LOE à importer")
        return self.loe.montrer("fait" if a_jour else "à corriger", f"LOE {jour}")
