"""Is this workstation fit for work? Small checks, each giving constats; one verdict over them.

Nothing here changes anything. A passive diagnostic neither talks to a card nor to the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.masquage import masquer

if TYPE_CHECKING:
    from .poste import Poste


class Niveau(StrEnum):
    """KO: work is impossible; WARN: it is at risk; INFO: good to know."""

    KO = "KO"
    WARN = "WARN"
    INFO = "INFO"


class Verdict(StrEnum):
    """KO as soon as one constat is; A_TESTER when there are warnings only."""

    OK = "OK"
    A_TESTER = "A_TESTER"
    KO = "KO"


@dataclass(frozen=True, slots=True)
class Constat:
    """One thing found. `action` is for a person, `reparation` the command that does it ("" when there is none)."""

    code: str
    niveau: Niveau
    titre: str
    action: str = ""
    reparation: str = ""

    def en_dict(self) -> dict[str, str]:
        """The contract's JSON, with nothing personal in it."""
        textes = {nom: masquer(getattr(self, nom)) for nom in ("titre", "action", "reparation")}
        return {"code": self.code, "niveau": self.niveau.value, **textes}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Constats in the order of the checks."""

    constats: tuple[Constat, ...]

    @property
    def verdict(self) -> Verdict:
        niveaux = {constat.niveau for constat in self.constats}
        if Niveau.KO in niveaux:
            return Verdict.KO
        return Verdict.A_TESTER if Niveau.WARN in niveaux else Verdict.OK

    def en_dict(self) -> dict[str, Any]:
        return {"verdict": self.verdict.value, "constats": [constat.en_dict() for constat in self.constats]}


Controle = Callable[["Poste", date], Iterable[Constat]]


def diagnostiquer(poste: Poste, *, passif: bool = False, aujourd_hui: date | None = None) -> Diagnostic:
    """Run every check."""
    from .controles_actifs import ACTIFS
    from .controles_passifs import PASSIFS

    jour = aujourd_hui or date.today()  # noqa: DTZ011 - the counter's own calendar day
    controles = PASSIFS if passif else (*PASSIFS, *ACTIFS)
    return Diagnostic(tuple(constat for controle in controles for constat in prudemment(controle, poste, jour)))


def prudemment(controle: Controle, poste: Poste, jour: date) -> Iterator[Constat]:
    """The constats of one check; the failure that stops it is one more."""
    try:
        yield from controle(poste, jour)
    except ErreurConnue as erreur:
        yield depuis(erreur)


def depuis(erreur: ErreurConnue, niveau: Niveau = Niveau.KO, reparation: str = "") -> Constat:
    """An expected failure as a constat."""
    titre = f"{erreur.ou} : {erreur.message}" if erreur.ou else erreur.message
    return Constat(erreur.code, niveau, titre, erreur.action, reparation)
