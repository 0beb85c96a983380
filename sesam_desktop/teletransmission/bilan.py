"""What a run over the outbox or the inbox came to."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class Bilan:
    """What courriers said. Invoices are counted when their state changed; `anomalies` includes those paid in part.
    `remarques`: sentences on courriers that were applied and that somebody should look at."""

    arl_positifs: int = 0
    arl_negatifs: int = 0
    noemie: int = 0
    payees: int = 0
    rejetees: int = 0
    anomalies: int = 0
    virements: int = 0
    mouvements: int = 0
    non_rapproches: int = 0
    remarques: list[str] = field(default_factory=list)

    def compter(self, autre: Bilan) -> None:
        """Add what another courrier said."""
        for champ in fields(Bilan):
            setattr(self, champ.name, getattr(self, champ.name) + getattr(autre, champ.name))


@dataclass(frozen=True, slots=True)
class Panne:
    """Why the account of a mailbox could not be used: its messages stayed where they were."""

    boite: str
    code: str
    message: str


@dataclass(slots=True)
class BilanEnvoi:
    """Counts of one run over the outbox.

    `restants`: still to leave, back-off not elapsed, on hold, or cancelled before.
    """

    remis: int = 0
    reportes: int = 0
    refuses: int = 0
    restants: int = 0
    annule: bool = False
    pannes: list[Panne] = field(default_factory=list)
    suspendues: list[str] = field(default_factory=list)

    @property
    def tentes(self) -> int:
        """Messages handed to a server, whatever it said."""
        return self.remis + self.reportes + self.refuses


@dataclass(slots=True)
class BilanRetours(Bilan):
    """One run over the inbox. `laisses`: messages the server could not give, left there; `avis`: of mail servers."""

    recus: int = 0
    doublons: int = 0
    laisses: int = 0
    quarantaine: int = 0
    annule: bool = False
    avis: int = 0
    pannes: list[Panne] = field(default_factory=list)
