"""The mails that answer one lot, as the scenario wants them: late, lost, twice, spoiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .lot_lu import LotLu
from .recus import Envoi
from .refus import Refus
from .regle import Alteration, Genre
from .reponses import Redacteur, Reference
from .scene import Scene


class Repondeur:
    """Answers of one message. `redacteur` writes them."""

    def __init__(self, scene: Scene, redacteur: Redacteur) -> None:
        self._scene, self._redacteur = scene, redacteur

    def arl(self, reference: Reference, refus: Refus | None = None) -> list[Envoi]:
        """The ARL, positive or negative."""
        return self._envois(Genre.ARL, lambda alteration: self._redacteur.arl(reference, refus, alteration))

    def noemie(self, lot: LotLu) -> list[Envoi]:
        """The return, then the one that settles what it left. Raises FormatInvalide when it cannot be written."""
        regle = self._scene.scenario
        envois = self._envois(Genre.NOEMIE, lambda alteration: self._redacteur.noemie(lot, regle, alteration))
        suite = self._redacteur.suite(lot, regle)
        return [*envois, Envoi(suite, regle.suite_delai_s)] if suite and regle.repondre else envois

    def _envois(self, genre: Genre, ecrire: Callable[[Alteration], bytes]) -> list[Envoi]:
        juste = Envoi(ecrire(Alteration.AUCUNE))
        if not self._scene.scenario.repondre:
            return []
        incident = self._scene.reponse(genre)
        if incident is None:
            return [juste]
        envois = [Envoi(ecrire(incident.alteration), incident.delai_s)] * incident.envois
        if incident.juste_apres_s:
            envois.append(replace(juste, delai_s=incident.delai_s + incident.juste_apres_s))
        return envois
