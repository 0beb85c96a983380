"""The control of each kind of field of a line: made, filled, and read back into a value of the invoice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox, QWidget

from sesam_desktop.noyau import dates, montants
from sesam_desktop.noyau.erreurs import EntreeInvalide

from .champs_ligne import CHOIX, COCHE, DECIMAL, ENTIER, JOUR, MONTANT, SUITE, Champ, valeur_vide

_NULS = ("depassement_centimes",)
_LETTRES = 13     # of a typed field, at the least


def creer(champ: Champ, jour: date, dire: Callable[[], None]) -> QWidget:
    """The control of `champ`; `dire` is called once somebody has changed it."""
    controle = _FAIRE[champ.genre](champ, jour, dire)
    controle.setAccessibleName(champ.titre.replace("&", ""))
    return controle


def montrer(controle: Any, champ: Champ, valeur: Any) -> None:
    """Show `valeur` without telling."""
    controle.blockSignals(True)
    if isinstance(controle, QSpinBox):
        controle.setValue(valeur)
    elif isinstance(controle, QCheckBox):
        controle.setChecked(valeur)
    elif isinstance(controle, QComboBox):
        controle.setCurrentIndex(max(0, controle.findData(valeur or "")))
    elif not controle.hasFocus() or not controle.isModified():
        controle.setText(_ecrire(champ, valeur))
    controle.blockSignals(False)


def lire(controle: Any, champ: Champ) -> Any:
    """The value of the line. Raises EntreeInvalide with what is expected."""
    if isinstance(controle, QSpinBox):
        return controle.value()
    if isinstance(controle, QCheckBox):
        return controle.isChecked()
    if isinstance(controle, QComboBox):
        return controle.currentData() or valeur_vide(champ)
    return _LIRE[champ.genre](controle.text().strip(), champ)


def _entier(champ: Champ, _jour: date, dire: Callable[[], None]) -> QWidget:
    controle = QSpinBox(minimum=1 if champ.nom == "quantite" else 0, maximum=champ.maxi)
    controle.valueChanged.connect(lambda _: dire())
    return controle


def _coche(champ: Champ, _jour: date, dire: Callable[[], None]) -> QWidget:
    controle = QCheckBox(champ.titre)
    controle.toggled.connect(lambda _: dire())
    return controle


def _choix(champ: Champ, jour: date, dire: Callable[[], None]) -> QWidget:
    controle = QComboBox()
    if champ.nom not in ("activite", "phase"):
        controle.addItem("–", "")
    for code, mots in champ.choix(jour):
        controle.addItem(mots, code)
    controle.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    controle.setMinimumContentsLength(2 if champ.valeurs and len(champ.valeurs[0][1]) == 1 else 12)
    controle.activated.connect(lambda _: dire())
    return controle


def _texte(champ: Champ, _jour: date, dire: Callable[[], None]) -> QWidget:
    controle = QLineEdit(placeholderText="JJ/MM/AAAA" if champ.genre == JOUR else champ.indication)
    controle.setMinimumWidth(controle.fontMetrics().averageCharWidth() * _LETTRES)
    controle.editingFinished.connect(dire)
    return controle


def _ecrire(champ: Champ, valeur: Any) -> str:
    if champ.genre == MONTANT:
        return "" if valeur is None or (valeur == 0 and champ.nom in _NULS) else montants.formater(valeur)
    if champ.genre == JOUR:
        return dates.formater(valeur) if valeur else ""
    if champ.genre == SUITE:
        return " ".join(valeur)
    return f"{valeur.normalize():f}".replace(".", ",")


def _lire_montant(texte: str, champ: Champ) -> int | None:
    if not texte:
        return 0 if champ.nom in _NULS else None
    return montants.lire_montant(texte)


def _lire_decimal(texte: str, champ: Champ) -> Decimal:
    try:
        lu = Decimal(texte.replace(",", "."))
    except InvalidOperation:
        lu = Decimal(0)
    if not re.fullmatch(r"[0-9]{1,3}([.,][0-9]{1,2})?", texte, re.ASCII) or not lu:
        raise EntreeInvalide(f"« {texte[:12]} » n'est pas un coefficient.", action="Écrivez par exemple 8,3.")
    return lu


def _lire_jour(texte: str, champ: Champ) -> date | None:
    if not texte:
        return None
    lue = re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", texte, re.ASCII)
    try:
        return date(int(lue[3]), int(lue[2]), int(lue[1])) if lue else _jour_refuse(texte)
    except ValueError:
        return _jour_refuse(texte)


def _jour_refuse(texte: str) -> date:
    raise EntreeInvalide(f"« {texte[:12]} » n'est pas une date.", action="Écrivez par exemple 03/07/2026.")


def _lire_suite(texte: str, champ: Champ) -> tuple[str, ...]:
    """Modifiers are one sign each, teeth two digits."""
    signes = re.sub(r"[\s,;+]", "", texte.upper())
    pas = 1 if champ.nom == "modificateurs" else 2
    lus = tuple(signes[rang:rang + pas] for rang in range(0, len(signes), pas))
    if any(not re.fullmatch(r"[A-Z0-9]" if pas == 1 else r"[0-9]{2}", lu, re.ASCII) for lu in lus):
        raise EntreeInvalide(f"« {texte[:20]} » ne se lit pas.", action=f"Écrivez par exemple {champ.indication}.")
    return lus


_FAIRE: dict[str, Callable[[Champ, date, Callable[[], None]], QWidget]] = {
    ENTIER: _entier, COCHE: _coche, CHOIX: _choix, MONTANT: _texte, DECIMAL: _texte, JOUR: _texte, SUITE: _texte,
}
_LIRE: dict[str, Callable[[str, Champ], Any]] = {
    MONTANT: _lire_montant, DECIMAL: _lire_decimal, JOUR: _lire_jour, SUITE: _lire_suite,
}
