"""What passes between the thread of a connection and the one that records."""

from __future__ import annotations

from dataclasses import dataclass

from .depot_corbeille import Essai, MessageEnAttente
from .parametres import ParametresCourrier
from .smtp import Verdict


@dataclass(frozen=True, slots=True)
class FileEnvoi:
    """What is due now on one account, in order."""

    compte: ParametresCourrier
    dus: list[int]


@dataclass(frozen=True, slots=True)
class Fini:
    """A message the server answered for, not recorded yet."""

    message: MessageEnAttente
    verdict: Verdict
    essai: Essai
