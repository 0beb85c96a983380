"""Date fields that keep the date typed.

Qt's own field moves to the next part after two digits, takes the slash that follows for another move, and cuts day 31
to the month shown meanwhile: 30/10/2026 typed in November becomes 30/11/2026. Here the digits typed are gathered and
the date is set whole; a date that does not exist leaves the field as it was and is told.
"""

from __future__ import annotations

from PySide6.QtCore import QDate, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QDateTimeEdit

CHIFFRES = 8  # JJMMAAAA


class _SaisieDate(QDateTimeEdit):
    """What both fields share. `inexistante` gives the sentence for a date that is in no calendar."""

    inexistante = Signal(str)
    _frappe = ""
    _avant = QDate()

    def keyPressEvent(self, evenement: QKeyEvent) -> None:
        texte = evenement.text()
        if texte in ("/", "-", ".") and self._frappe:
            self._separer(evenement)
        elif texte.isascii() and texte.isdigit() and self._dans_la_date():
            self._avant = self._avant if self._frappe else self.date()
            self._frappe += texte
            super().keyPressEvent(evenement)
            self._conclure()
        else:
            self._frappe = ""
            super().keyPressEvent(evenement)

    def focusOutEvent(self, evenement: QFocusEvent) -> None:
        self._frappe = ""
        super().focusOutEvent(evenement)

    def _separer(self, evenement: QKeyEvent) -> None:
        """Qt has already left a part of two digits; a part of one digit gets its zero, and Qt is told to move."""
        if len(self._frappe) in (1, 3):
            self._frappe = f"{self._frappe[:-1]}0{self._frappe[-1]}"
            super().keyPressEvent(evenement)

    def _dans_la_date(self) -> bool:
        return bool(self.currentSection() & self.Section.DateSections_Mask) or bool(self._frappe)

    def _conclure(self) -> None:
        if len(self._frappe) < CHIFFRES:
            return
        voulue, self._frappe = self._frappe, ""
        date = QDate.fromString(voulue, "ddMMyyyy")
        self.setDate(date if date.isValid() else self._avant)
        if not date.isValid():
            self.inexistante.emit(f"Le {voulue[:2]}/{voulue[2:4]}/{voulue[4:]} n'existe pas : ressaisissez la date.")
        if self.displayedSections() & self.Section.HourSection:
            self.setSelectedSection(self.Section.HourSection)


class ChampDate(_SaisieDate):
    """A day, JJ/MM/AAAA."""

    def __init__(self) -> None:
        super().__init__()
        self.setDisplayFormat("dd/MM/yyyy")
        self.setCalendarPopup(True)


class ChampInstant(_SaisieDate):
    """A day and an hour, JJ/MM/AAAA HH:MM."""

    def __init__(self) -> None:
        super().__init__()
        self.setDisplayFormat("dd/MM/yyyy HH:mm")
        self.setCalendarPopup(True)
