"""Pricing and checking an invoice with every table of the workstation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sesam_desktop.factures.facture import Alerte, Facture, Tarification
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels import tables as tables_livrees

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sesam_desktop.referentiels.ccam import Ccam
    from sesam_desktop.referentiels.lpp import Lpp
    from sesam_desktop.referentiels.medicaments import Medicaments
    from sesam_desktop.referentiels.nabm import Nabm
    from sesam_desktop.referentiels.tables import SourceTables
    from sesam_desktop.referentiels.tfr import Tfr

    from .aide_ccam import AideCcam

A_CONFIRMER = "TARIF_A_CONFIRMER"


@dataclass(frozen=True, slots=True)
class SourcesTarifs:
    """Imported tables that give a price; each says by itself that it is absent. `tables`: the dated ones."""

    medicaments: Medicaments
    ccam: Ccam
    lpp: Lpp
    nabm: Nabm
    tfr: Tfr | None = None
    tables: SourceTables = tables_livrees


class Tarificateur:
    """`km_factures` tells the kilometres billed besides this invoice, day by day."""

    def __init__(self, sources: SourcesTarifs, km_factures: Callable[[Facture], Mapping[date, int]]) -> None:
        self._sources = sources
        self._km_factures = km_factures

    def tarifer(self, facture: Facture) -> Tarification:
        """Amounts with the rules that gave them. Nothing is kept."""
        from sesam_desktop.tarifs.contexte import Contexte
        from sesam_desktop.tarifs.moteur import tarifer

        s = self._sources
        contexte = Contexte(s.tables, s.medicaments, s.ccam, s.lpp, s.nabm, self._km_factures(facture), s.tfr)
        return tarifer(facture, contexte)

    def controler(self, facture: Facture, jour: date) -> tuple[Alerte, ...]:
        """Every remark on what is asked, blocking ones first."""
        from sesam_desktop.factures.controles import controler
        from sesam_desktop.factures.dossier import Articles

        s = self._sources
        return controler(facture, jour, s.medicaments, s.tables, articles=Articles(s.ccam, s.lpp, s.nabm, s.tfr))

    def verifier(self, facture: Facture, jour: date) -> tuple[Alerte, ...]:
        """The controls, then, when none blocks, what pricing itself refuses or warns about.

        Doubtful tariffs are told with the amounts, not here.
        """
        remarques = self.controler(facture, jour)
        if any(a.gravite == "bloquante" for a in remarques):
            return remarques
        return tuple(dict.fromkeys((*self._tarifaires(facture), *remarques)))

    def aider(self, facture: Facture, rang: int) -> AideCcam:
        """What helps to code the CCAM act of line `rang`."""
        from .aide_ccam import aider

        return aider(facture, rang, self._sources.ccam)

    def _tarifaires(self, facture: Facture) -> tuple[Alerte, ...]:
        try:
            return tuple(a for a in self.tarifer(facture).alertes if a.code != A_CONFIRMER)
        except ErreurConnue as erreur:
            message = f"{erreur.message} {erreur.action}".strip()
            return (Alerte(erreur.code, "bloquante", message, erreur.ou),)
