"""What the returns of an invoice mean together, in whatever order they came. Pure.

What counts is the money left after every payment and every taking back, not the last return read: a payment, its
cancellation and a second payment make a paid invoice; a payment and its cancellation do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

PAYE, REJETE, DIFFERE = "P", "R", "D"


class Issue(StrEnum):
    """The first four are events of an invoice's life; the others leave it where it is."""

    PAYEE = "payee"
    PARTIELLE = "payee_partiellement"
    ANOMALIE = "anomalie"
    REJETEE = "rejetee"
    DIFFEREE = "differee"
    NON_TRAITEE = "non_traitee"


EVENEMENTS = (Issue.PAYEE, Issue.PARTIELLE, Issue.ANOMALIE, Issue.REJETEE)


@dataclass(slots=True)
class Part:
    """One part of an invoice, in centimes: what is asked, what was paid in the end, and the states returns gave it."""

    attendu: int
    net: int = 0
    etats: set[str] = field(default_factory=set)

    def ajouter(self, etat: str, paye: int) -> None:
        """One more return; `paye` is negative when the fund takes back."""
        self.net += paye
        self.etats.add(etat)

    @property
    def comptee(self) -> bool:
        """It matters when something was asked, or when a return speaks of it."""
        return bool(self.attendu or self.net or self.etats - {""})

    @property
    def issue(self) -> Issue:
        """A rejection does not undo what is paid; once all is taken back, it is what remains."""
        if self.net or PAYE in self.etats:
            if self.net == self.attendu:
                return Issue.PAYEE
            if self.net or REJETE not in self.etats:
                return Issue.ANOMALIE
        if REJETE in self.etats:
            return Issue.REJETEE
        return Issue.DIFFEREE if DIFFERE in self.etats else Issue.NON_TRAITEE


def soldee_par_retenue(parts: Iterable[Part], retenu: int) -> bool:
    """Nothing is missing, and what was held back naming this invoice (`retenu`, negative) is exactly the excess."""
    restes = [part.net - part.attendu for part in parts if part.comptee]
    return retenu < 0 and sum(restes) == -retenu and min(restes) >= 0


def issue(parts: Iterable[Part], retenu: int = 0) -> Issue:
    """Of the whole invoice. An amount paid that is not the one expected is an anomaly, whatever the other part:
    somebody must look at it, unless the fund took the excess back by a retention."""
    parts = tuple(parts)
    if soldee_par_retenue(parts, retenu):
        return Issue.PAYEE
    issues = {part.issue for part in parts if part.comptee}
    if Issue.ANOMALIE in issues:
        return Issue.ANOMALIE
    if issues == {Issue.PAYEE}:
        return Issue.PAYEE
    if Issue.PAYEE in issues:
        return Issue.PARTIELLE
    restantes = (Issue.REJETEE, Issue.DIFFEREE)
    return next((restante for restante in restantes if restante in issues), Issue.NON_TRAITEE)
