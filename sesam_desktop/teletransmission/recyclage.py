"""A rejected invoice made again: same request, new number, pointing at the old one.

The old invoice becomes ``recyclee`` in the transaction that keeps the new one (`factures.depot.Factures.enregistrer`).
A new number at each correction is what establishments do; whether a software house may keep the old one is not
published for the 1.40 specification, so the project follows the stricter use.
"""

from __future__ import annotations

from sesam_desktop.factures.cycle import LIBELLES, Etat, etat_apres, etat_de
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.facture import Facture
from sesam_desktop.noyau.erreurs import ErreurConnue


def a_corriger(factures: Factures, numero: str) -> Facture:
    """What was asked on invoice `numero`, to be corrected. Raises FACTURE_INCONNUE, RECYCLAGE_IMPOSSIBLE."""
    facture = factures.charger(numero).facture.demande
    etat = etat_de(evenement.nom for evenement in factures.historique(numero))
    try:
        etat_apres(etat, Etat.RECYCLEE)
    except ErreurConnue:
        raise ErreurConnue(
            f"La facture {numero} ({LIBELLES[etat] if etat else 'sans historique'}) ne peut pas être refaite.",
            code="RECYCLAGE_IMPOSSIBLE",
            action="Seule une facture rejetée, refusée ou payée d'un autre montant se refait.",
        ) from None
    return facture
