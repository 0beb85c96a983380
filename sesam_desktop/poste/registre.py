"""The invoices kept by this workstation: search, history, duplicata, correction of a rejected one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.factures.cycle import Etat
    from sesam_desktop.factures.depot import Evenement, Factures, Filtre, Resume
    from sesam_desktop.factures.facture import Facture, FactureSecurisee


class ServiceRegistre:
    """Read-only look at the invoices, and the two things one asks of an old one: a copy or a correction."""

    def __init__(self, factures: Factures) -> None:
        self._factures = factures

    def lister(self, filtre: Filtre) -> list[Resume]:
        """Invoices that match, newest first."""
        return self._factures.lister(filtre)

    def par_etat(self) -> dict[Etat, int]:
        """How many invoices are in each state."""
        return self._factures.par_etat()

    def charger(self, numero: str) -> FactureSecurisee:
        """The signed document. Raises FACTURE_INCONNUE."""
        return self._factures.charger(numero)

    def historique(self, numero: str) -> list[Evenement]:
        """Its events, oldest first."""
        return self._factures.historique(numero)

    def duplicata(self, numero: str, chemin: Path) -> Path:
        """Write the PDF duplicata (patient and fund copies) at `chemin`."""
        from sesam_desktop.editions import duplicata

        return duplicata.ecrire(self.charger(numero), self.historique(numero), chemin)

    def recycler(self, numero: str) -> Facture:
        """What was asked on a rejected invoice, to be corrected and secured again under a new number."""
        from sesam_desktop.teletransmission import recyclage

        return recyclage.a_corriger(self._factures, numero)
