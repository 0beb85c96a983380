"""A refusal said beside what it stops, with its way out: the situation to choose, the code to type, or another try."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..composants.bandeau import Bandeau
from ..composants.choix_situation import choisir_situation
from ..composants.code_porteur import avec_session
from ..pages.page import Page
from .alertes import ABSENT, OUVRIR


def dire_refus(
    page: Page, bandeau: Bandeau, erreur: ErreurConnue, suite: str, action: Callable[[], Any],
    *, session: Callable[[], Any] | None = None,
) -> None:
    """`suite` and `action`: the way out of any other refusal; `session`: what waits only for the code."""
    if erreur.code == "SITUATION_A_CHOISIR":
        bandeau.dire(erreur.phrase(), suite="Choisir", action=lambda: choisir_situation(page.atelier, page))
    elif erreur.code == "PS_ABSENT" and session is not None:
        bandeau.dire(erreur.phrase(), suite="Saisir le code", action=lambda: avec_session(page.atelier, page, session))
    elif erreur.code == ABSENT:
        bandeau.dire_erreur(erreur, suite=OUVRIR, action=lambda: page.atelier.demander("referentiels"))
    else:
        bandeau.dire_erreur(erreur, suite=suite, action=action)
