"""Look-ups in any imported table at a chosen date, by words or code."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ..atelier import Atelier
from ..composants.champ_date import ChampDate
from ..composants.tableau import Tableau
from ..modeles.referentiels import LIBELLES, colonnes_trouvailles
from ..modeles.table import ModeleTable

CONSULTEES = ("bdpm", "ccam", "lpp", "nabm", "ucd", "ngap")
_MINIMUM = 2


class OngletRecherche(QWidget):
    """A code is looked up in the table whose codes are written so, whatever the table chosen."""

    refusee = Signal(object)      # ErreurConnue

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atelier = atelier
        self.source = QComboBox()
        self.source.setAccessibleName("Table où chercher")
        for source in CONSULTEES:
            self.source.addItem(LIBELLES[source], source)
        self.recherche = QLineEdit(placeholderText="Mots, code CIP, CCAM, LPP ou NABM, ou scan d'une boîte")
        self.recherche.setAccessibleName("Chercher dans les tables")
        self.recherche.setClearButtonEnabled(True)
        self.jour = ChampDate()
        self.jour.setDate(QDate.currentDate())
        self.jour.setAccessibleName("À la date du")
        self.nombre = QLabel()
        self.resultats = Tableau(
            "trouvailles", "Résultats de la recherche", ModeleTable(colonnes_trouvailles()), atelier.reglages
        )
        self._disposer()
        delai = QTimer(self, singleShot=True, interval=150)
        delai.timeout.connect(self.chercher)
        self.recherche.textChanged.connect(lambda _: delai.start())
        self.source.activated.connect(lambda _: self.chercher())
        self.jour.dateChanged.connect(lambda _: self.chercher())

    def choisir(self, source: str) -> None:
        """Look up in `source` from now on."""
        if (rang := self.source.findData(source)) >= 0:
            self.source.setCurrentIndex(rang)
            self.chercher()

    def chercher(self) -> None:
        """By a worker; the last question only is answered."""
        terme = self.recherche.text().strip()
        if len(terme) < _MINIMUM or not self._atelier.ouvert:
            self.resultats.remplacer([])
            self.nombre.clear()
            return
        lu, choisie = self.jour.date(), self.source.currentData()
        jour = date(lu.year(), lu.month(), lu.day())
        self._atelier.taches.lancer(
            "recherche", lambda _: self._trouver(choisie, terme, jour), resultat=self._montrer,
            erreur=self._refuser, proprietaire=self, remplace="consultation",
        )

    def _trouver(self, choisie: str, terme: str, jour: date) -> list[Any]:
        referentiels = self._atelier.poste.referentiels
        return referentiels.chercher_dans(referentiels.source_du_code(terme) or choisie, terme, jour)

    def _montrer(self, trouvailles: list[Any]) -> None:
        self.resultats.remplacer(trouvailles, cle=lambda t: t.code)
        if not trouvailles:
            self.nombre.setText("Rien ne correspond")
            return
        source = trouvailles[0].source
        self.source.setCurrentIndex(max(0, self.source.findData(source)))
        self.nombre.setText(f"{len(trouvailles)} résultat{'s' if len(trouvailles) > 1 else ''}")

    def _refuser(self, erreur: Any) -> None:
        self.resultats.remplacer([])
        self.nombre.clear()
        self.refusee.emit(erreur)

    def _disposer(self) -> None:
        rangee = QHBoxLayout()
        au = QLabel("a&u")
        au.setBuddy(self.jour)
        for widget in (self.recherche, self.source, au, self.jour, self.nombre):
            rangee.addWidget(widget, int(widget is self.recherche))
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addLayout(rangee)
        colonne.addWidget(self.resultats, 1)
