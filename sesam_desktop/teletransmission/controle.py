"""What the check module says of a lot before it leaves: read by other eyes than those that wrote it.

The module itself is the frontal's own reading; `poste` joins them. A refused lot is not made: the invoices it blames
are set aside with its words and the others are put together again. A lot is read twice: before it is signed, with its
headers and what the cards signed of each invoice, then as it leaves, with its own signature.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.flux.enveloppe import Enveloppe
    from sesam_desktop.flux.message import Adressage

ACCEPTE, AVERTISSEMENT, REFUSE = "accepte", "avertissement", "refuse"


@dataclass(frozen=True, slots=True)
class Remarque:
    """`facture`: the invoice it is about, "" for the lot as a whole. `gravite`: avertissement or refuse."""

    gravite: str
    code: str
    libelle: str
    facture: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """accepte, avertissement (it may leave) or refuse; "" when nobody checked."""

    sort: str = ""
    remarques: tuple[Remarque, ...] = ()

    @property
    def fautives(self) -> frozenset[str]:
        """Invoices for which the lot is refused; empty when the lot itself is at fault."""
        return frozenset(r.facture for r in self.remarques if r.gravite == REFUSE and r.facture)

    def traduit(self, noms: Mapping[str, str]) -> Verdict:
        """The same, each invoice under our number instead of the one it has on the wire."""
        remarques = tuple(replace(r, facture=noms.get(r.facture, r.facture)) for r in self.remarques)
        return replace(self, remarques=remarques)

    def motif(self, facture: str) -> str:
        """Why `facture` is set aside: what was said of it, else of the lot."""
        refus = [r for r in self.remarques if r.gravite == REFUSE]
        dites = [r for r in refus if r.facture == facture] or refus
        return " ; ".join(f"{r.libelle} [{r.code}]" for r in dites)

    def en_json(self) -> str:
        """The remarks as a lot keeps them."""
        return json.dumps([asdict(r) for r in self.remarques], ensure_ascii=False)


NON_CONTROLE = Verdict()


@dataclass(frozen=True, slots=True)
class Presente:
    """A lot as the check module reads it. `securite` is None for plain B2, without keys while the lot is `a_signer`."""

    clair: bytes
    adressage: Adressage | None = None
    securite: Enveloppe | None = None
    a_signer: bool = True


Controle = Callable[[Presente], Verdict]
