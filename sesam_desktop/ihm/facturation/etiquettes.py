"""Names of the fields at the left of the billing page, all as wide as the widest: fields begin on one line."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ..composants.texte import Texte

_LA_PLUS_LARGE = "Prescrit par"


def etiquette_de(titre: str, champ: QWidget | None = None) -> Texte:
    """The name of `champ`, whose mnemonic it holds."""
    etiquette = Texte(titre, reserve=_LA_PLUS_LARGE)
    if champ is not None:
        etiquette.setBuddy(champ)
    return etiquette
