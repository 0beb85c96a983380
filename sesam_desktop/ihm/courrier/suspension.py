"""Holding a mailbox: asked with its consequence, and the reason that whoever comes after will read."""

from __future__ import annotations

from ..composants.confirmation import confirmer
from ..modeles import bilans
from ..modeles.corbeille import BOITES
from ..pages.travaux import PageTravaux


def suspendre(page: PageTravaux, boite: str) -> None:
    """Hold a mailbox once confirmed; its mail waits."""
    corbeille = page.atelier.poste.corbeille
    confirmer(
        page, "Suspendre une boîte",
        f"Plus aucun message de la boîte {BOITES[boite]} ({boite}) ne partira, ni seul ni à la demande, jusqu'à ce"
        " qu'elle soit reprise. Les lots se préparent comme avant.", "&Suspendre la boîte",
        lambda motif: page.lancer(
            "Suspension", lambda _: corbeille.suspendre(boite, motif), lambda _: bilans.suspendue(boite)
        ),
        champ="&Motif, montré sur la page", minimum=3,
    )


def reprendre(page: PageTravaux, boite: str) -> None:
    """Let a mailbox go."""
    corbeille = page.atelier.poste.corbeille
    page.lancer("Reprise", lambda _: corbeille.reprendre(boite), lambda _: bilans.reprise(boite))
