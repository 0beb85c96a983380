"""What is said of terminals: the one on its cradle, what was loaded, unloaded, signed, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import Logiciel
    from sesam_desktop.lecteurs.tla.depot import Decharge
    from sesam_desktop.lecteurs.tla.terminal import Identite


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal on its cradle, as it described itself when it was looked at."""

    logiciel: Logiciel
    identite: Identite

    @property
    def numero_serie(self) -> str:
        return self.identite.numero_serie


@dataclass(frozen=True, slots=True)
class RefusTla:
    """What could not be lent, unloaded or signed, and why. `quoi`: invoice number, patient of a draft, or document;
    `empreinte` names the document, when there is one."""

    quoi: str
    code: str
    motif: str
    empreinte: str = ""

    @classmethod
    def de(cls, recu: Decharge) -> RefusTla:
        """Why this document cannot be used."""
        return cls.pour(recu, recu.verdict.code, recu.verdict.motif)

    @classmethod
    def pour(cls, recu: Decharge, code: str, motif: str) -> RefusTla:
        return cls(recu.verdict.numero or recu.identifiant, code, motif, recu.empreinte)


@dataclass(frozen=True, slots=True)
class ASigner:
    """A document that waits for the professional. A reading (`numero` "") has no amount yet. `remarque`: what will
    forbid its signature, or must be looked at before."""

    empreinte: str
    genre: str
    numero: str
    patient: str
    date_soins: date
    visite_le: datetime
    total_centimes: int
    professionnel: str
    terminal: str
    remarque: str = ""


@dataclass(frozen=True, slots=True)
class Prete:
    """An invoice that is out on a terminal: no Vitale has signed it as far as is known here."""

    numero: str
    patient: str
    date_soins: date
    total_centimes: int
    terminal: str
    pretee_le: datetime


@dataclass(frozen=True, slots=True)
class BilanChargement:
    """`factures`: numbers now out on the terminal; `refuses` stayed drafts."""

    patients: int
    factures: tuple[str, ...]
    refuses: tuple[RefusTla, ...]


@dataclass(frozen=True, slots=True)
class BilanDechargement:
    """`recus` are new here, `refuses` cannot be used; `a_signer` is all that waits, old and new; `ecart_s`: how far
    ahead the terminal's clock was."""

    recus: int
    deja_connus: int
    refuses: tuple[RefusTla, ...]
    a_signer: tuple[ASigner, ...]
    ecart_s: int


@dataclass(frozen=True, slots=True)
class BilanSignature:
    """`signees`: invoice numbers; `composees`: readings that are now drafts."""

    signees: tuple[str, ...]
    composees: int
    refuses: tuple[RefusTla, ...]
