"""A period of whole days: one of the usual ones, or two dates."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from .champ_date import ChampDate
from .texte import Texte

AUTRE = "autre"
USUELLES = (("mois", "Mois en cours"), ("mois_dernier", "Mois dernier"), ("trimestre", "Trimestre en cours"),
            ("annee", "Année en cours"), ("douze_mois", "Douze derniers mois"), (AUTRE, "Autres dates"))


class Periode(QWidget):
    """`changee` once both ends are known and in their order."""

    changee = Signal()

    def __init__(self, choix: str = "mois", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choix = QComboBox()
        self.choix.setAccessibleName("Période")
        for cle, texte in USUELLES:
            self.choix.addItem(texte, cle)
        self.debut, self.fin = ChampDate(), ChampDate()
        rangee = QHBoxLayout(self)
        rangee.setContentsMargins(0, 0, 0, 0)
        for texte, champ, nom in (("Pério&de", self.choix, "Période"), ("du", self.debut, "Début de la période"),
                                  ("au", self.fin, "Fin de la période")):
            etiquette = Texte(texte)
            etiquette.setBuddy(champ)
            champ.setAccessibleName(nom)
            rangee.addWidget(etiquette)
            rangee.addWidget(champ)
        rangee.addStretch(1)
        self.choix.activated.connect(lambda _: self.proposer(self.choix.currentData()))
        self.setFocusProxy(self.choix)
        self.proposer(choix)
        for champ in (self.debut, self.fin):
            champ.dateChanged.connect(self._dates_changees)

    @property
    def bornes(self) -> tuple[date, date]:
        """First and last day, both included, in their order. A usual period follows the days that pass."""
        if self.choix.currentData() != AUTRE:
            self._poser(self.choix.currentData())
        debut, fin = (date(q.year(), q.month(), q.day()) for q in (self.debut.date(), self.fin.date()))
        return min(debut, fin), max(debut, fin)

    def proposer(self, choix: str) -> None:
        """Show a usual period; « autres dates » leaves the two fields as they are."""
        self.choix.setCurrentIndex(self.choix.findData(choix))
        if choix == AUTRE:
            self.debut.setFocus()
            return
        self._poser(choix)
        self.changee.emit()

    def _poser(self, choix: str) -> None:
        for champ, jour in zip((self.debut, self.fin), usuelle(choix, date.today()), strict=True):  # noqa: DTZ011
            champ.blockSignals(True)
            champ.setDate(QDate(jour.year, jour.month, jour.day))
            champ.blockSignals(False)

    def _dates_changees(self) -> None:
        self.choix.setCurrentIndex(self.choix.findData(AUTRE))
        self.changee.emit()


def usuelle(choix: str, jour: date) -> tuple[date, date]:
    """First and last day of a usual period around `jour`."""
    mois = jour.replace(day=1)
    if choix == "mois_dernier":
        fin = mois - timedelta(days=1)
        return fin.replace(day=1), fin
    if choix == "trimestre":
        return mois.replace(month=(jour.month - 1) // 3 * 3 + 1), jour
    if choix == "annee":
        return mois.replace(month=1), jour
    if choix == "douze_mois":
        return (mois - timedelta(days=330)).replace(day=1), jour  # this month and the eleven before it
    return mois, jour
