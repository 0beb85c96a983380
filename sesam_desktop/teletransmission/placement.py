"""Which of our documents each invoice of a return is: by number, lot and date, then by what is left when they are not
given. Number and lot alone mean nothing: every workstation has a first invoice in a lot 001, so a return that names its
professional must name ours.

Reading of the project [P] where the public part of the norm says nothing: a DRE may be named by the invoice it is tied
to, and an invoice without lot (paper, old account) is ours when the return names its patient.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sesam_desktop.flux import b2

from .depot_rapprochement import DepotRapprochement, Porteur

if TYPE_CHECKING:
    from sesam_desktop.flux.entites import Entete

    from .lu import Lu

PROFESSIONNEL = "TP"  # type of addressee that a health professional is, in the header of a return
_AMC = ("A", "D")     # 102: flow of the AMC, DRE
_LOTS_RECENTS = 500


class Placement:
    """Places the invoices of one return, slice after slice."""

    def __init__(self, depot: DepotRapprochement, entete: Entete) -> None:
        self._depot = depot
        self._destinataire = entete.destinataire if entete.type_destinataire == PROFESSIONNEL else ""
        self._a_nous: dict[int, bool] = {}

    def placer(self, lus: Sequence[Lu]) -> None:
        """Fill in `document` and `lot` of those that are ours."""
        lots = _par_cle(self._porteurs({lu.retour.numero for lu in lus}))
        self._par_demande([lu for lu in lus if lu.retour.type in _AMC])  # first: its FSE may be in a lot of that name
        for lu in lus:
            if not lu.document:
                self._poser(lu, lu.retour.numero, lots)
        self._par_assure([lu for lu in lus if not lu.document and not lu.retour.lot.strip("0 ")])

    def etranger(self) -> bool:
        """True when the return names a professional this workstation did not bill for lately."""
        connus = [facturant for facturant in self._depot.facturants_recents(_LOTS_RECENTS) if facturant]
        return bool(connus) and not any(self._designe(facturant) for facturant in connus)

    def _poser(self, lu: Lu, nomme: str, lots: dict[tuple[str, str, str], Porteur]) -> None:
        porteur = lots.get((nomme, *lu.lot_nomme))
        if porteur is not None and self._a_nous[porteur.lot]:
            lu.document, lu.lot = porteur.document, porteur.lot

    def _par_demande(self, lus: Sequence[Lu]) -> None:
        """By the DRE tied to the invoice that is named."""
        liees = self._depot.demandes_liees(sorted({lu.retour.numero for lu in lus})) if lus else {}
        lots = _par_cle(self._porteurs({numero for numeros in liees.values() for numero in numeros}))
        for lu in lus:
            for numero in liees.get(lu.retour.numero, ()):
                self._poser(lu, numero, lots)

    def _par_assure(self, lus: Sequence[Lu]) -> None:
        """By number and patient; the lot is the last one that carried the invoice, if any did."""
        numeros = {lu.retour.numero for lu in lus}
        derniers = {porteur.nomme: porteur for porteur in self._porteurs(numeros)}
        attentes = self._depot.attentes(sorted(numeros | {p.document for p in derniers.values()})) if numeros else {}
        for lu in lus:
            porteur = derniers.get(lu.retour.numero)
            numero, lot = (porteur.document, porteur.lot) if porteur else (lu.retour.numero, None)
            if numero in attentes and attentes[numero].nir in lu.nirs and (lot is None or self._a_nous[lot]):
                lu.document, lu.lot = numero, lot

    def _porteurs(self, numeros: Iterable[str]) -> list[Porteur]:
        """Lots of these documents, each known to be for the addressee of the return or not."""
        tries = sorted(set(numeros))
        porteurs = list(self._depot.porteurs(tries)) if tries else []
        nouveaux = sorted({porteur.lot for porteur in porteurs} - self._a_nous.keys())
        facturants = self._depot.facturants(nouveaux) if nouveaux else {}
        for lot in nouveaux:
            self._a_nous[lot] = self._designe(facturants.get(lot) or "")
        return porteurs

    def _designe(self, facturant: str) -> bool:
        """True unless the return names somebody else."""
        nomme = bool(self._destinataire.strip("0 ") and facturant)
        return not nomme or self._destinataire.endswith(b2.numero_partenaire(facturant))


def _par_cle(porteurs: Iterable[Porteur]) -> dict[tuple[str, str, str], Porteur]:
    return {(porteur.nomme, porteur.numero, porteur.date): porteur for porteur in porteurs}
