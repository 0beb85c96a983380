"""A visit that a terminal brings back may have been billed here in the meantime: both would be paid, and claimed back.

Only an invoice made here after the loan (or after the reading) counts: two visits of one day are usual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sesam_desktop.factures.facture import Patient
    from sesam_desktop.lecteurs.tla.depot import DepotTla

    from .poste import Poste

CODE = "TLA_DEJA_FACTUREE"


class Doublons:
    def __init__(self, poste: Poste, depot: DepotTla) -> None:
        self._poste = poste
        self._depot = depot

    def facture(self, patient: Patient, jour: date, actes: Iterable[str], depuis: datetime) -> str:
        """Number of an invoice kept here since `depuis` for this patient, this day and one of these acts; "" if none.
        Invoices that went through a terminal do not count."""
        from sesam_desktop.factures.cycle import Etat
        from sesam_desktop.factures.depot import Filtre

        perdues, voulus = (Etat.ANNULEE, Etat.REJETEE, Etat.RECYCLEE), set(actes)
        resumes = self._poste.registre.lister(Filtre(texte=patient.nir, depuis=jour, jusqu_a=jour))
        candidates = (r.numero for r in resumes if r.etat not in perdues and r.cree_le > depuis)
        return next((n for n in candidates if self._depot.preparee(n) is None and self._est(n, patient, voulus)), "")

    def exiger_aucune(self, patient: Patient, jour: date, actes: Iterable[str], depuis: datetime) -> None:
        """Raises TLA_DEJA_FACTUREE."""
        if numero := self.facture(patient, jour, actes, depuis):
            raise ErreurConnue(
                f"La facture {numero}, faite ici depuis, porte un même acte de ce patient pour ce jour.", code=CODE,
                action="Si c'est la même visite, classez-la ; si c'en est une autre, confirmez-la.",
            )

    def _est(self, numero: str, patient: Patient, actes: set[str]) -> bool:
        from sesam_desktop.factures.carnet import cle_patient

        demande = self._poste.registre.charger(numero).facture.demande
        memes = actes & {ligne.acte for ligne in demande.lignes}
        return bool(memes) and cle_patient(demande.beneficiaire) == cle_patient(patient)
