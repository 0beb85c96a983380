"""Fields of the settings: made, laid in a form, written and read by their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from .. import icones

_LETTRES = 44     # width of a text


class Formulaire(QWidget):
    """Rows of fields of one part of the settings. `prefixe` comes before each name: « courrier_oct. »."""

    def __init__(self, prefixe: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prefixe = prefixe
        self.champs: dict[str, Any] = {}
        self.rangees = QFormLayout(self)
        self.rangees.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        self.rangees.setHorizontalSpacing(self.fontMetrics().height())

    def ajouter(self, nom: str, titre: str, champ: QWidget, *suite: tuple[str, str, QWidget]) -> None:
        """One row: a field under its title, then others of the same row, each with its accessible name."""
        self._nommer(nom, titre.replace("&", ""), champ)
        if not isinstance(champ, QSpinBox | QCheckBox):
            champ.setMinimumWidth(self.fontMetrics().averageCharWidth() * _LETTRES)
        for autre_nom, autre_titre, autre in suite:
            self._nommer(autre_nom, autre_titre, autre)
            autre.setToolTip(autre_titre)     # it has no title of its own on screen
        etiquette = QLabel(titre)
        etiquette.setBuddy(champ)
        self.rangees.addRow(etiquette, _ranger(champ, *(autre for _, _, autre in suite)) if suite else champ)

    def _nommer(self, nom: str, titre: str, champ: QWidget) -> None:
        """A field without a name is no setting."""
        champ.setAccessibleName(titre or getattr(champ, "text", str)().replace("&", ""))
        if nom:
            self.champs[f"{self._prefixe}{nom}"] = champ


def liste(choix: Sequence[tuple[str, str]]) -> QComboBox:
    """A choice among (value, words)."""
    champ = QComboBox()
    for valeur, texte in choix:
        champ.addItem(texte, valeur)
    return champ


def nombre(minimum: int, maximum: int, unite: str = "") -> QSpinBox:
    """A whole number with its unit."""
    return QSpinBox(minimum=minimum, maximum=maximum, suffix=f" {unite}" if unite else "")


def port() -> QSpinBox:
    """A TCP port."""
    return nombre(1, 65535)


def ecrire(champ: Any, valeur: Any) -> None:
    """Show `valeur`."""
    if isinstance(champ, QComboBox):
        champ.setCurrentIndex(max(0, champ.findData(valeur)))
    elif isinstance(champ, QCheckBox):
        champ.setChecked(valeur)
    elif isinstance(champ, QSpinBox):
        champ.setValue(valeur)
    else:
        champ.setText(valeur)


def lire(champ: Any) -> Any:
    """What is shown."""
    if isinstance(champ, QComboBox):
        return champ.currentData()
    if isinstance(champ, QCheckBox):
        return champ.isChecked()
    return champ.value() if isinstance(champ, QSpinBox) else champ.text().strip()


def proposer(champ: QLineEdit, titre: str, demander: Callable[..., str | tuple[str, str]]) -> None:
    """An icon at the end of the field opens the system's own chooser; Down too, as in a list."""
    choisir = QAction(titre, champ, shortcut=QKeySequence("Down"))
    choisir.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    choisir.setToolTip(f"{titre}  {choisir.shortcut().toString(QKeySequence.SequenceFormat.NativeText)}")
    icones.poser(choisir, "dossier")
    champ.addAction(choisir, QLineEdit.ActionPosition.TrailingPosition)
    choisir.triggered.connect(lambda: _poser(champ, demander(champ.window(), titre)))


def _poser(champ: QLineEdit, choix: str | tuple[str, str]) -> None:
    chemin = choix[0] if isinstance(choix, tuple) else choix
    if chemin:
        champ.setText(chemin)


def _ranger(*champs: QWidget) -> QWidget:
    cadre = QWidget()
    rangee = QHBoxLayout(cadre)
    rangee.setContentsMargins(0, 0, 0, 0)
    for champ in champs:
        rangee.addWidget(champ)
    return cadre
