"""Kilometres this professional already billed on a day, in any invoice: what the daily ceiling of nurses counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sesam_desktop.factures.facture import Executant, Facture, FactureTarifee

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sesam_desktop.factures.depot import Factures


class Kilometres:
    """`preparees`: invoices numbered and not signed by all cards yet. What a kept invoice bills is read once."""

    def __init__(self, factures: Factures, preparees: Callable[[], Iterable[FactureTarifee]]) -> None:
        self._factures = factures
        self._preparees = preparees
        self._lus: dict[tuple[str, date], tuple[str, int]] = {}  # number and day: who billed, how many

    def deja_factures(self, facture: Facture) -> dict[date, int]:
        """Kilometres billed besides `facture` on each of its days that has some."""
        jours = {ligne.date or facture.date_soins for ligne in facture.lignes if ligne.ik_km}
        return {jour: self._du_jour(facture.executant, jour) for jour in jours}

    def _du_jour(self, executant: Executant, jour: date) -> int:
        """What a rejected, cancelled or remade invoice asked for is not billed: it is asked for again, or never."""
        from sesam_desktop.factures.cycle import Etat

        perdues = (Etat.ANNULEE, Etat.REJETEE, Etat.RECYCLEE)
        vivantes = [r.numero for r in self._factures.soignees_le(jour) if r.etat not in perdues]
        lus = [self._lire(numero, jour) for numero in vivantes]
        lus += [_kilometres(ft, jour) for ft in self._preparees()]
        return sum(km for numero_facturation, km in lus if numero_facturation == executant.numero_facturation)

    def _lire(self, numero: str, jour: date) -> tuple[str, int]:
        if (numero, jour) not in self._lus:
            self._lus[numero, jour] = _kilometres(self._factures.charger(numero).facture, jour)
        return self._lus[numero, jour]


def _kilometres(ft: FactureTarifee, jour: date) -> tuple[str, int]:
    from sesam_desktop.referentiels import tables
    from sesam_desktop.tarifs.supplements import km_factures

    return ft.demande.executant.numero_facturation, km_factures(ft.tarification.lignes, jour, tables)
