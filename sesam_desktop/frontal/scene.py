"""A scenario being played: how many times each of its incidents could have struck. One thread at a time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from .regle import Etape, Incident, IncidentAvis, IncidentReponse, IncidentSmtp, Scenario

_I = TypeVar("_I", bound=Incident)


class Scene:
    """Counts from the moment the scenario was chosen."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._rangs: Counter[str] = Counter()
        self._premiers_essais: dict[tuple[str, str], float] = {}

    def smtp(self, etape: Etape, expediteur: str = "", destinataire: str = "") -> IncidentSmtp | None:
        """The incident that strikes this step of a session, if any."""
        incident = self._tirer(etape, (i for i in self.scenario.smtp if i.etape is etape))
        if incident and incident.liste_grise_s and self._a_patiente(incident, (expediteur, destinataire)):
            return None
        return incident

    def reponse(self, genre: str) -> IncidentReponse | None:
        """The incident that strikes the answer of this kind to one more lot."""
        return self._tirer(genre, (i for i in self.scenario.reponses if i.genre == genre))

    def avis(self) -> IncidentAvis | None:
        """The delivery report that one more message gets."""
        return self._tirer("avis", self.scenario.avis)

    def _tirer(self, cle: str, incidents: Iterable[_I]) -> _I | None:
        self._rangs[cle] += 1
        return next((i for i in incidents if i.frappe(self._rangs[cle])), None)

    def _a_patiente(self, incident: IncidentSmtp, adresses: tuple[str, str]) -> bool:
        maintenant = time.monotonic()
        return maintenant - self._premiers_essais.setdefault(adresses, maintenant) >= incident.liste_grise_s
