"""What the frontal receives and answers, as values: messages, lots and invoices judged, mails for the mailbox."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Arrivee:
    """One message as the SMTP server took it. `empreinte` covers the body, so a relay may add headers."""

    numero: int
    message_id: str
    empreinte: str
    expediteur: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class FactureRecue:
    """One invoice of a lot: what it asks, in centimes, and whether its return rejects it: it may then come again."""

    numero: str
    total_centimes: int
    amo_centimes: int
    amc_centimes: int
    rejetee: bool = False


@dataclass(frozen=True, slots=True)
class LotRecu:
    """One lot judged. `verdict` is "" when accepted, else the code of the ARL−."""

    genre: str                     # FSE, DRE, SCOR
    regime: str                    # DRE: kind of organism
    organisme: str                 # DRE: number of the insurer or OCT
    emetteur: str
    numero: str
    date: str                      # AAMMJJ
    empreinte: str                 # SHA-256 of the clear file
    verdict: str = ""
    factures: tuple[FactureRecue, ...] = ()

    @property
    def cle(self) -> str:
        """What makes a lot unique: its sender, addressee, number and date."""
        return "/".join((self.genre, self.regime, self.organisme, self.emetteur, self.numero, self.date))


@dataclass(frozen=True, slots=True)
class Envoi:
    """One answer for the mailbox, shown `delai_s` seconds after it was decided."""

    octets: bytes
    delai_s: float = 0


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What became of a message.

    etat: ``traite``, ``doublon`` (same answers as `original`), ``quarantaine``, or ``rendu`` to its sender by a relay.
    """

    etat: str
    motif: str = ""
    lot: LotRecu | None = None
    reponses: tuple[Envoi, ...] = ()
    original: int = 0


@dataclass(frozen=True, slots=True)
class Courrier:
    """A mail waiting in the mailbox."""

    numero: int
    uid: str
    taille: int


@dataclass(frozen=True, slots=True)
class MisDeCote:
    """A message the frontal could not even answer, with the reason."""

    message_id: str
    motif: str
    octets: bytes = field(repr=False)
