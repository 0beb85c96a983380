"""What returns do to the invoices of one slice: their state is derived from everything said of them so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sesam_desktop.factures.cycle import suite

from .bilan import Bilan
from .depot_rapprochement import Attente, DepotRapprochement
from .issue import EVENEMENTS, Issue, Part, issue, soldee_par_retenue
from .lu import AMC, AMO, Lu

Suite = tuple[str, str, Mapping[str, Any]]  # number, event, data
_SIGNALEMENT = "signalement"
_COMPTEURS = {
    Issue.PAYEE: "payees", Issue.REJETEE: "rejetees", Issue.ANOMALIE: "anomalies", Issue.PARTIELLE: "anomalies",
}


class Vie:
    """The invoices of one slice, as the base knows them before it. `retenues`: what the slice itself holds back on
    each."""

    def __init__(self, depot: DepotRapprochement, numeros: Sequence[str], retenues: Mapping[str, int]) -> None:
        self._retenues = Counter(depot.retenues(list(numeros)))
        self._retenues.update(retenues)
        self._attentes = depot.attentes(list(numeros))
        self._etats = {numero: attente.etat for numero, attente in self._attentes.items()}
        self._parts = {numero: _parts(attente) for numero, attente in self._attentes.items()}
        for numero, part, etat, paye in depot.reglements(list(numeros)):
            if numero in self._parts:
                self._parts[numero][part].ajouter(etat, paye)

    def autre_assure(self, lu: Lu) -> bool:
        """The return names a patient, and not the one of this invoice. Its number, lot and date still say whose money
        it is: a number may have changed since, from provisional to definitive for instance."""
        nir, nommes = self._attentes[lu.document].nir, lu.nirs
        return bool(nir and nommes) and nir not in nommes

    def vivre(self, lu: Lu, bilan: Bilan) -> Iterator[Suite]:
        """The events that one reading adds: the new state, and a note when it brings remarks, names another patient or
        moves nothing."""
        numero, parts = lu.document, self._parts[lu.document]
        for part, etat, _, paye in lu.parts():
            parts[part].ajouter(etat, paye)
        retenu = self._retenues[numero]
        sort = issue(parts.values(), retenu)
        donnees = lu.identite | {
            "attendu_amo_centimes": parts[AMO].attendu, "attendu_amc_centimes": parts[AMC].attendu,
            "regle_amo_centimes": parts[AMO].net, "regle_amc_centimes": parts[AMC].net,
        }
        if soldee_par_retenue(parts.values(), retenu):
            donnees["retenu_centimes"] = -retenu
        autre = self.autre_assure(lu)
        if autre:
            donnees["autre_assure"] = True
        deplacee = self._deplacer(numero, sort)
        if deplacee:
            setattr(bilan, _COMPTEURS[sort], getattr(bilan, _COMPTEURS[sort]) + 1)
            yield numero, sort.value, donnees
        if not deplacee or autre or (sort is Issue.PAYEE and lu.identite["motifs"]):
            seul = issue(_parts(self._attentes[numero], lu).values())
            yield numero, _SIGNALEMENT, donnees | {"issue": seul.value}

    def _deplacer(self, numero: str, sort: Issue) -> bool:
        """False when the invoice stays where it is: the state is the same, or what it has become forbids it."""
        etat = self._etats[numero]
        suivant = suite(etat, sort.value, self._attentes[numero].genre) if sort in EVENEMENTS else None
        if suivant is None or suivant == etat:
            return False
        self._etats[numero] = suivant
        return True


def _parts(attente: Attente, lu: Lu | None = None) -> dict[str, Part]:
    """Both parts of an invoice, with what `lu` alone says of them."""
    parts = {AMO: Part(attente.amo), AMC: Part(attente.amc)}
    for part, etat, _, paye in lu.parts() if lu else ():
        parts[part].ajouter(etat, paye)
    return parts
