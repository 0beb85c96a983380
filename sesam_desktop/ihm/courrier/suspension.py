"""Holding a mailbox: asked with its consequence, and the reason that whoever comes after will read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from ..composants.confirmation import confirmer
from ..modeles.corbeille import BOITES


def demander_suspension(parent: QWidget, boite: str, suite: Callable[[str], Any]) -> None:
    """`suite` receives the reason typed."""
    confirmer(
        parent, "Suspendre une boîte",
        f"Plus aucun message de la boîte {BOITES[boite]} ({boite}) ne partira, ni seul ni à la demande, jusqu'à ce"
        " qu'elle soit reprise. Les lots se préparent comme avant.", "&Suspendre la boîte", suite,
        champ="&Motif, montré sur la page", minimum=3,
    )
