"""Mailboxes that somebody put on hold: their mail waits until somebody takes the hold away."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass

from sesam_desktop.base import evenements
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Parametre

_PREFIXE = "corbeille.suspension."
_TENUES = "SELECT nom FROM parametre WHERE nom GLOB ?"


@dataclass(frozen=True, slots=True)
class Suspension:
    """Which mailbox, why, by whom, since when (ISO 8601 UTC)."""

    boite: str
    motif: str
    par: str
    depuis: str


class Suspensions:
    """Kept with the workstation: they outlive the program. The journal keeps who held and who let go."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def lister(self) -> list[Suspension]:
        """The mailboxes on hold."""
        lignes = Parametre.select().where(Parametre.nom.startswith(_PREFIXE)).order_by(Parametre.nom)
        return [Suspension(**json.loads(ligne.valeur)) for ligne in lignes]

    def une_de(self, boites: Collection[str]) -> bool:
        """Whether one of these is on hold. Asked before each message, so by SQL."""
        tenues = self._base.connexion().cursor().execute(_TENUES, (f"{_PREFIXE}*",)).fetchall()
        return any((_nom(boite),) in tenues for boite in boites)

    def suspendre(self, suspension: Suspension) -> None:
        """Hold it; one already on hold takes the new reason."""
        valeurs = asdict(suspension)
        with self._base.transaction():
            Parametre.replace(nom=_nom(suspension.boite), valeur=json.dumps(valeurs, ensure_ascii=False)).execute()
            evenements.ajouter("", "boite_suspendue", valeurs)

    def reprendre(self, boite: str, par: str) -> bool:
        """Let go. False when it was not on hold."""
        with self._base.transaction():
            if not Parametre.delete().where(Parametre.nom == _nom(boite)).execute():
                return False
            evenements.ajouter("", "boite_reprise", {"boite": boite, "par": par})
            return True


def _nom(boite: str) -> str:
    return _PREFIXE + boite
