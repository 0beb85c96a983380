"""What is to leave on one account, what the caller sees of it, and what the connection says once done."""

from __future__ import annotations

from dataclasses import dataclass

from .avancement import Annule, Progression
from .bilan import BilanEnvoi
from .depot_corbeille import Essai, MessageEnAttente
from .parametres import ParametresCourrier
from .smtp import Verdict


@dataclass(frozen=True, slots=True)
class FileEnvoi:
    """What is due now on one account, in order. A hold on one of `boites`, or on the account, stops it."""

    compte: ParametresCourrier
    boites: tuple[str, ...]
    dus: list[int]


@dataclass(frozen=True, slots=True)
class Fini:
    """A message the server answered for, not recorded yet."""

    message: MessageEnAttente
    verdict: Verdict
    essai: Essai


@dataclass(slots=True)
class Suivi:
    """What the caller sees of a run over every queue."""

    bilan: BilanEnvoi
    progression: Progression
    annule: Annule
    total: int
    fait: int = 0

    def continuer(self) -> bool:
        """Tell where the run is; False when the caller wants it to stop."""
        if self.bilan.annule:
            return False
        self.progression(self.fait, self.total)
        self.bilan.annule = self.fait < self.total and self.annule()
        return not self.bilan.annule
