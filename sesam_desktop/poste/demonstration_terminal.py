"""The portable terminal of the demonstration: on its cradle, with its memory kept in the profile; and the visits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from .demonstration_cartes import vitales

if TYPE_CHECKING:
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.lecteurs.canal_tla import CanalTla
    from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel
    from sesam_desktop.lecteurs.virtuel import CarteVirtuelle

SOCLE = "Socle de démonstration"


class SocleDemonstration:
    """Made when first used. `puce` gives the chip of a patient's card, as if taken to their home."""

    def __init__(self, chemin: Path, puce: Callable[[CarteVitale], CarteVirtuelle]) -> None:
        self._chemin = chemin
        self._puce = puce
        self._terminal: TerminalVirtuel | None = None
        self._canal: CanalTla | None = None

    @property
    def canal(self) -> CanalTla:
        """The channel of the cradle, the terminal on it."""
        if self._canal is None:
            from sesam_desktop.lecteurs.canal_tla import CanalTla

            self._canal = CanalTla()
            self.poser()
        return self._canal

    @property
    def terminal(self) -> TerminalVirtuel:
        if self._terminal is None:
            from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel

            self._terminal = TerminalVirtuel(chemin=self._chemin)
        return self._terminal

    def poser(self) -> None:
        """Put the terminal back on its cradle."""
        self.canal.poser(SOCLE, lambda message: self.terminal.traiter(message))  # noqa: PLW0108 - made when spoken to

    def enlever(self) -> None:
        """Leave with it."""
        self.canal.enlever(SOCLE)

    def visiter(self) -> int:
        """Each invoice it holds for today or before is signed by its patient's Vitale, at home; how many were."""
        par_nir = {carte.assure.nir: carte for carte in vitales().values()}
        jour = date.today()  # noqa: DTZ011 - the nurse's own calendar day
        factures = [facture for facture in self.terminal.factures() if facture.date_soins <= jour]
        for facture in factures:
            carte = next(par_nir[nir[:13]] for nir in facture.nirs if nir[:13] in par_nir)
            self.terminal.signer(facture.numero, self._puce(carte))
        return len(factures)
