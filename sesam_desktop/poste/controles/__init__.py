"""The checks, in the order they run: what looks, then what talks to the outside, then the evidence of both."""

from __future__ import annotations

from .examen import Controle


def controles(*, passif: bool) -> tuple[Controle, ...]:
    """Those of a passive diagnostic neither talk to a card nor to the network."""
    from . import distant, galss, lecteurs, lectures, messagerie, pile, poste, sesam, tables, tiers

    qui_regardent = (
        *poste.CONTROLES, *tables.CONTROLES, *lecteurs.CONTROLES, *galss.CONTROLES, *pile.CONTROLES,
        *sesam.CONTROLES, *tiers.CONTROLES, *messagerie.PASSIFS, *distant.CONTROLES,
    )
    qui_parlent = () if passif else (*lectures.ACTIFS, *messagerie.ACTIFS)
    return (*qui_regardent, *qui_parlent, *lectures.PREUVES)
