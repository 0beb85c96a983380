"""A return that answers nothing of ours, or stays unreadable, is dismissed: asked with its consequence and a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from ..modeles.teletransmission import Fiche
from .confirmation import confirmer


def confirmer_classement(parent: QWidget, fiche: Fiche, suite: Callable[[str], Any]) -> None:
    """`suite` receives the reason typed, maybe empty."""
    confirmer(
        parent, "Classer le retour",
        f"« {fiche.titre} » quittera la colonne « À traiter ». Son contenu reste gardé.", "&Classer le retour", suite,
        champ="&Motif, gardé dans le journal (facultatif)",
    )
