"""One NOEMIE return applied, event after event: memory holds one slice of it, whatever the size of the file.

Looking up and writing are done by slices. Inside a slice the invoices are taken in the order of the file, so that an
invoice named several times lives its returns one after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.flux import noemie
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.identifiants import cle_nir

from .bilan import Bilan
from .depot_rapprochement import MOUVEMENT, REGLEMENT, RETOUR, DepotRapprochement
from .libelles import LibellesAppris
from .lu import Empreintes, Lu, MouvementLu, iso, lu_forfait, lu_retenue
from .placement import Placement
from .remarques import Remarques
from .vie import Vie

if TYPE_CHECKING:
    from sesam_desktop.factures.depot import Factures
    from sesam_desktop.flux.entites import Entete
    from sesam_desktop.flux.noemie import Evenement, FactureRetour, Journee, Personne, Rejet

TRANCHE = 2_000
_Mouvement = tuple[MouvementLu, str, str]  # with our document, "" when none, and its fingerprint


class Application:
    """Give it the events of one return in their order, then `terminer`, all in one transaction."""

    def __init__(
        self, depot: DepotRapprochement, factures: Factures, courrier: int, entete: Entete, instant: datetime
    ) -> None:
        self.bilan = Bilan(noemie=1)
        self._depot = depot
        self._factures = factures
        self._courrier = courrier
        self._entete = entete
        self._instant = ecrire_instant(instant)
        self._placement = Placement(depot, entete)
        self._empreintes = Empreintes()
        self._journees: list[Journee] = []
        self._virements = depot.virements(courrier)
        self._retours: list[FactureRetour] = []
        self._mouvements: list[MouvementLu] = []
        self._motifs: list[Rejet] = []
        self.remarques = Remarques()

    def accueillir(self, evenement: Evenement) -> None:
        """One more event of the file."""
        if isinstance(evenement, noemie.FactureRetour):
            self._retours.append(evenement)
            if _cle_fausse(evenement.assure):
                self.remarques.cles_fausses.ajouter(evenement.numero)
        elif isinstance(evenement, noemie.Retenue):
            self._mouvements.append(lu_retenue(evenement))
        elif isinstance(evenement, noemie.Forfait):
            self._mouvements.append(lu_forfait(evenement))
        elif isinstance(evenement, noemie.Fin):
            self.remarques.ecarts = evenement.ecarts
        elif isinstance(evenement, noemie.Journee):
            self._journees.append(evenement)
        elif isinstance(evenement, noemie.Rejet):
            self._motifs.append(evenement)
        # what is held back on an invoice comes before its end: both are of the same slice
        suspendu = isinstance(evenement, noemie.Retenue) and evenement.facture
        if len(self._retours) + len(self._mouvements) >= TRANCHE and not suspendu:
            self._vider()

    def terminer(self) -> None:
        """The end of the file: what each payment groups is known."""
        self._vider()
        if not self._depot.a_repondu(self._courrier) and self._placement.etranger():
            self._ecarter()
        self._depot.recalculer(self._courrier)

    def _ecarter(self) -> None:
        """Money of somebody else; a return without invoice is listed all the same, for somebody to look at."""
        if self.bilan.mouvements and not self.bilan.non_rapproches:
            rien = noemie.FactureRetour("", date_paiement=self._entete.cree_le)
            self._appliquer(self._nouveaux([self._empreintes.facture(rien)]))
        self._depot.oublier_argent(self._courrier)
        self.bilan.virements = self.bilan.mouvements = 0

    def _vider(self) -> None:
        lus, self._retours = [self._empreintes.facture(retour) for retour in self._retours], []
        nouveaux = self._nouveaux(lus)
        mouvements = self._mouvements_nouveaux({lu.retour.numero: lu.document for lu in lus})
        self._appliquer(nouveaux, mouvements)
        self._bouger(mouvements)
        LibellesAppris().apprendre(self._motifs, self._entete.emetteur, self._instant)
        self._motifs = []

    def _nouveaux(self, lus: list[Lu]) -> list[Lu]:
        """Without those another file brought, each with its place."""
        connus = self._depot.connus([lu.empreinte for lu in lus])
        for lu in lus:
            lu.document = connus.get(lu.empreinte, "")
        restants = [lu for lu in lus if not lu.document]
        self._placement.placer(restants)
        return [lu for lu in restants if lu.document or lu.empreinte not in connus]

    def _appliquer(self, lus: Sequence[Lu], mouvements: Sequence[_Mouvement] = ()) -> None:
        """Keep these readings, the money they say, and what becomes of the invoices."""
        places = [lu for lu in lus if lu.document]
        retenues: Counter[str] = Counter()
        for mouvement, document, _ in mouvements:
            retenues[document] += mouvement.montant_centimes
        vie = Vie(self._depot, sorted({lu.document for lu in places}), retenues)
        for lu in places:
            if vie.autre_assure(lu):
                self.remarques.autres_assures.ajouter(lu.document)
        self._garder(lus)
        self._factures.ajouter_evenements([suite for lu in places for suite in vie.vivre(lu, self.bilan)])
        self.bilan.non_rapproches += len(lus) - len(places)
        self._motifs += [motif for lu in lus for motif in lu.retour.motifs]

    def _garder(self, lus: Sequence[Lu]) -> None:
        retours, reglements = [], []
        for numero, lu in enumerate(lus, self._depot.prochain("retour")):
            retours.append((numero, self._courrier, lu.lot, self._instant, lu.donnees(), lu.empreinte, lu.document))
            paiement = lu.identite["paiement"]
            for part, etat, demande, paye in lu.parts():
                virement = self._virement(*lu.virement(part)) if paye else None
                reglements.append(
                    (self._courrier, virement, numero, lu.document, part, etat, demande, paye, paiement)
                )
        self._depot.ecrire(RETOUR, retours)
        self._depot.ecrire(REGLEMENT, reglements)

    def _mouvements_nouveaux(self, documents: Mapping[str, str]) -> list[_Mouvement]:
        """Those that no other file brought. `documents`: ours, by the number the return gives."""
        mouvements, self._mouvements = self._mouvements, []
        empreintes = [
            self._empreintes.mouvement(m, self._paiement(m.rang), self._entete.emetteur) for m in mouvements
        ]
        connus = self._depot.mouvements_connus(empreintes)
        paires = zip(mouvements, empreintes, strict=True)
        return [(m, documents.get(m.document, ""), e) for m, e in paires if e not in connus]

    def _bouger(self, mouvements: Sequence[_Mouvement]) -> None:
        lignes = [
            (self._courrier, self._virement(m.rang), m.genre, m.reference, m.nature, m.libelle, m.montant_centimes,
             m.solde_centimes, m.date, document, empreinte)
            for m, document, empreinte in mouvements
        ]  # fmt: skip
        self._depot.ecrire(MOUVEMENT, lignes)
        self.bilan.mouvements += len(lignes)

    def _paiement(self, rang: int) -> str:
        return iso(self._journees[rang].date) if rang >= 0 else ""

    def _virement(self, rang: int, amc: str = "") -> int:
        """The payment of one accounting day, made the first time it moves money."""
        journee = self._journees[rang] if rang >= 0 else None
        organisme = amc or (journee.organisme if journee else "") or self._entete.emetteur
        if (rang, organisme) not in self._virements:
            libelle = journee.libelle if journee else ""
            self._virements[rang, organisme] = self._depot.ajouter_virement(
                self._courrier, rang, self._paiement(rang), libelle, organisme
            )
            self.bilan.virements += 1
        return self._virements[rang, organisme]


def _cle_fausse(personne: Personne) -> bool:
    """Zeros are a key that was not given."""
    try:
        return bool(personne.nir and personne.cle.strip("0")) and cle_nir(personne.nir) != personne.cle
    except EntreeInvalide:
        return True
