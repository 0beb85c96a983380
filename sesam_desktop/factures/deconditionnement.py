"""Units taken out of a box: `unites` of a box of `unites_boite`, billed as their part of its price.

Such a line stands alone: whole boxes go on their own line.
"""

from __future__ import annotations

from .facture import LigneSaisie


def est_demande(ligne: LigneSaisie) -> bool:
    return bool(ligne.unites or ligne.unites_boite)


def defaut(ligne: LigneSaisie) -> tuple[str, str, str] | None:
    """Code, sentence and field of what makes these units impossible to price, None when nothing does."""
    if not est_demande(ligne):
        return None
    if not (ligne.unites and ligne.unites_boite):
        champ = "unites_boite" if ligne.unites else "unites"
        message = "Un déconditionnement demande les unités délivrées et le nombre d'unités de la boîte."
        return "UNITES_INCOMPLETES", message, champ
    if ligne.quantite != 1:
        message = "Une ligne déconditionnée a pour quantité 1 : facturez les boîtes entières sur une autre ligne."
        return "UNITES_ET_BOITES", message, "quantite"
    return None


def boites_ouvertes(ligne: LigneSaisie) -> int:
    """How many boxes the units come from, the last one perhaps in part. The line's quantity when no box is opened."""
    return -(-ligne.unites // ligne.unites_boite) if est_demande(ligne) else ligne.quantite
