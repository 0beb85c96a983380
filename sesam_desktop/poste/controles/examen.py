"""What every check receives: the workstation, the computer around it, the day, and what was already looked at."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.poste.diagnostic_constats import Constat
from sesam_desktop.poste.sondes import Systeme

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import Fente
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.teletransmission.tableau import Tableau

    from .tiers import Logiciel


@cache
def seuils() -> dict[str, int]:
    """Thresholds, from `resources/diagnostic/seuils.toml`."""
    return tomllib.loads(ressource("diagnostic", "seuils.toml").read_text(encoding="utf-8"))


@dataclass
class Examen:
    """One diagnostic under way. `jour` is the counter's own calendar day, `maintenant` says its zone."""

    poste: Poste
    systeme: Systeme
    jour: date
    maintenant: datetime
    passif: bool = True
    _releve: list[Fente] | ErreurConnue | None = field(default=None, init=False)

    def fentes(self) -> list[Fente]:
        """Usable slots, looked at once. Raises what the readers answered instead."""
        from sesam_desktop.lecteurs.canal import Etat

        return [fente for fente in self._toutes() if fente.etat is not Etat.ABSENTE]

    def canaux_en_panne(self) -> list[str]:
        """Channels that do not answer while others do. Raises as `fentes`."""
        from sesam_desktop.lecteurs.canal import Etat

        return [fente.canal for fente in self._toutes() if fente.etat is Etat.ABSENTE and not fente.lecteur]

    def fentes_connues(self) -> list[Fente]:
        """The same, empty when the readers do not answer: their own check says why."""
        try:
            return self.fentes()
        except ErreurConnue:
            return []

    @cached_property
    def programmes(self) -> list[Logiciel]:
        """Known programs that run now."""
        from .tiers import en_marche

        return en_marche(self.systeme.processus())

    @cached_property
    def tableau(self) -> Tableau:
        """What waits to leave and what came back, looked at once."""
        return self.poste.transmission.tableau()

    def _toutes(self) -> list[Fente]:
        if self._releve is None:
            self._releve = self._relever()
        if isinstance(self._releve, ErreurConnue):
            raise self._releve
        return self._releve

    def _relever(self) -> list[Fente] | ErreurConnue:
        try:
            return self.poste.lecteurs.fentes()
        except ErreurConnue as erreur:
            return erreur


Controle = Callable[[Examen], Iterable[Constat]]
