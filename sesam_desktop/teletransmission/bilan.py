"""What reading the inbox changed, counted once: by courrier, then for a whole run."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class Bilan:
    """What courriers said. Invoices are counted when their state changed; `anomalies` includes those paid in part."""

    arl_positifs: int = 0
    arl_negatifs: int = 0
    noemie: int = 0
    payees: int = 0
    rejetees: int = 0
    anomalies: int = 0
    virements: int = 0
    mouvements: int = 0
    non_rapproches: int = 0

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
class BilanRetours(Bilan):
    """One run over the inbox. `laisses`: messages the server could not give, left there; `avis`: of mail servers."""

    recus: int = 0
    doublons: int = 0
    laisses: int = 0
    quarantaine: int = 0
    annule: bool = False
    avis: int = 0
    pannes: list[Panne] = field(default_factory=list)
