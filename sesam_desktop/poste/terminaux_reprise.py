"""What is taken back by hand: an invoice whose terminal will not return, a document of which nothing is to be done.

Nothing is removed: an invoice lent is a draft again, a document keeps its bytes, its refusal and the reason given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sesam_desktop.lecteurs.tla.depot import Decharge, EtatDocument, EtatPreparee, Preparee
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .terminaux_bilans import Prete
from .terminaux_examen import tarifee

if TYPE_CHECKING:
    from sesam_desktop.base.connexion import Base
    from sesam_desktop.lecteurs.tla.depot import DepotTla

    from .terminaux_pret import Pret

MOTIF_MINIMAL, REFERENCE_MINIMALE = 3, 8
_OUVERTS = frozenset((EtatDocument.A_SIGNER, EtatDocument.A_COMPOSER, EtatDocument.REFUSEE))


class Reprise:
    def __init__(self, base: Base, depot: DepotTla, pret: Pret) -> None:
        self._base = base
        self._depot = depot
        self._pret = pret

    def prets(self) -> list[Prete]:
        """Invoices out on a terminal, by number."""
        dehors = (p for p in self._depot.en_cours() if p.etat is EtatPreparee.PREPAREE)
        return [_prete(preparee) for preparee in sorted(dehors, key=lambda p: p.numero)]

    def reprendre(self, numeros: Sequence[str]) -> None:
        """All of them, or none. Raises TLA_PAS_PRETEE."""
        with self._base.transaction():
            for numero in numeros:
                preparee = self._depot.preparee(numero)
                if preparee is None or preparee.etat is not EtatPreparee.PREPAREE:
                    raise EntreeInvalide(
                        f"La facture {numero} n'est prêtée à aucun terminal : rien n'a été repris.",
                        code="TLA_PAS_PRETEE", action="Consultez la liste des factures prêtées.",
                    )
            self._pret.rendre(numeros)

    def classer(self, reference: str, motif: str) -> Decharge:
        """Raises TLA_MOTIF_ABSENT, TLA_DOCUMENT_INCONNU, TLA_DEJA_TRAITE."""
        raison = " ".join(motif.split())
        if len(raison) < MOTIF_MINIMAL:
            raise EntreeInvalide(
                "Un document ne se classe pas sans dire pourquoi.", code="TLA_MOTIF_ABSENT", action="Donnez le motif."
            )
        with self._base.transaction():
            recu = self._trouver(reference)
            if recu.verdict.etat not in _OUVERTS:
                raise deja_traite()
            classe = replace(recu.verdict, etat=EtatDocument.CLASSEE, motif=f"{recu.verdict.motif} [{raison}]".strip())
            self._depot.juger(recu.empreinte, classe)
            self._rendre(recu)
            return replace(recu, verdict=classe)

    def _rendre(self, recu: Decharge) -> None:
        """Its invoice is a draft again, unless another document brought its signature."""
        preparee = self._depot.preparee(recu.verdict.numero)
        if preparee is None or preparee.terminal != recu.terminal:
            return
        if recu.verdict.etat is EtatDocument.A_SIGNER:
            self._depot.passer_preparees([preparee.numero], EtatPreparee.PREPAREE)
        self._pret.rendre([preparee.numero])

    def _trouver(self, reference: str) -> Decharge:
        """By the beginning of its digest."""
        trouves = [recu for recu in self._depot.documents() if recu.empreinte.startswith(reference.lower())]
        if len(reference) < REFERENCE_MINIMALE or len(trouves) != 1:
            raise EntreeInvalide(
                "Cette référence ne désigne aucun document déchargé.", code="TLA_DOCUMENT_INCONNU",
                action="Recopiez la référence affichée dans la liste de ce qui attend.",
            )
        return trouves[0]


def deja_traite() -> ErreurConnue:
    """Another window or another command has finished with this document."""
    return ErreurConnue(
        "Ce document a déjà été signé, composé ou classé.", code="TLA_DEJA_TRAITE", action="Actualisez la liste."
    )


def _prete(preparee: Preparee) -> Prete:
    ft = tarifee(preparee)
    patient = ft.demande.beneficiaire
    return Prete(
        ft.numero, f"{patient.nom} {patient.prenom}".strip(), ft.demande.date_soins,
        ft.tarification.totaux.facture_centimes, preparee.terminal, preparee.preparee_le,
    )
